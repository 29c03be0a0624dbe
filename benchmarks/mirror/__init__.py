"""How well mirrored pages come back: hidden random programs over text that the model was not counted from."""
