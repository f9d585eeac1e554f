package io.engram.p2p.eth;

import io.engram.genesis.Hash;

/** The blocks that a node has, bodies and receipts included; both ends belong to it. */
public record BlockRange(long earliest, long latest, Hash latestHash) {}
