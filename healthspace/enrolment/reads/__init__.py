"""What the insurer, the operator and the person may know of an enrolment."""
