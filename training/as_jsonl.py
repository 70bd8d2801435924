"""Prints the sentences of a folder as JSON Lines, for `python -m bot notice`: `make notice`."""

import json
import sys
from pathlib import Path

from training.sentences import read_folder

for sentence in read_folder(Path(sys.argv[1])):
    print(json.dumps({"text": sentence.text, "kind": sentence.kind, "manner": sentence.manner}))
