"""What a file of weights was made from, as a number: from other sentences, classes or features it would be another."""

from hashlib import sha256
from pathlib import Path

from bot.config.word_lists import load_vocabulary
from conversations.safeguarding.classifier.features import joint_features, word_features

HERE = Path(__file__).parent
SENTENCES = HERE / "sentences"
WEIGHTS = HERE.parent / "conversations" / "wordlists" / "danger.weights"

_CLASSES = WEIGHTS.parent
_A_TEXT = "i dont feel safe at my uncles flat since last nigth he shovd me"


def made_from() -> str:
    """The hash of the sentences, the classes, the code of training, and the features of a text."""
    files = [*SENTENCES.glob("*.txt"), *HERE.glob("*.py"), *_CLASSES.glob("classes.*.toml")]
    hashed = sha256()
    for file in sorted(files):
        hashed.update(file.name.encode() + file.read_bytes())
    words = [word_features(word, load_vocabulary()) for word in _A_TEXT.split()]
    hashed.update(repr((words, [*joint_features(words)])).encode())
    return hashed.hexdigest()
