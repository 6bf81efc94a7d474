"""tmp"""


class Signer:
    def __init__(self, seed, name):
        self.vkey = "x"

    def sign(self, t):
        return t


def checkpoint_text(o, s, r, c):
    return f"{o}\n{s}\n{r.hex()}\ncounter {c}\n"
