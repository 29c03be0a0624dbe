"""Layers of damage that lost bytes each: a text misread, saved, and misread again.

Below a layer that lost bytes there is not one text but many, all of them mojibake. `repair.layers.guessing` guesses
the layers from what survived, `repair.layers.slots` carries everything that fits through them, and the search of
`repair.lattice` weighs what comes out at the bottom.
"""
