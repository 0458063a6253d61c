"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane: OWASP's first recommendation."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1


class Argon2Quick(Argon2):
    """The same with little memory, so that tests with many people stay quick."""

    memory_cost = 1024
