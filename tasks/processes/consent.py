"""Consent: what changes an account is asked about, and only one word will do."""

from tasks.processes.steps import StepError


def require_word(approved: str) -> None:
    """Make sure that what approves is the word for it.

    Raises:
        StepError: It is another one.
    """
    if approved not in ("", "yes"):
        raise StepError(f"AUTO_APPROVE={approved} is not valid: say AUTO_APPROVE=yes, or leave it out")


def ask(question: str, declined: str, *, word: str = "yes", remedy: str = "") -> None:
    """Ask whoever is at the terminal, and go on if they answer with one word.

    Args:
        question: Without the word that it takes.
        declined: What is so if they answer anything else, or nothing.
        word: The answer.
        remedy: What to do instead.

    Raises:
        StepError: They did not.
    """
    try:
        said = input(f"{question} Only {word} is taken: ")
    except EOFError:
        print(flush=True)
        said = ""
    if said != word:
        raise StepError(declined, remedy)
