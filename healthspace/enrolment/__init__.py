"""The 68 million: registry intake, information, six weeks, answers, opening; the law is domain 2."""
