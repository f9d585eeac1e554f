package io.engram.genesis.block;

/** A header and its body; that they belong together is checked by import, not here. */
public record Block(BlockHeader header, BlockBody body) {}
