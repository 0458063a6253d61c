"""What is done: intake, waves, information, codes, answers, opening."""
