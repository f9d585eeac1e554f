package io.engram.p2p.eth;

import io.engram.genesis.Hash;

/** Where a request for headers begins. */
public sealed interface BlockStart {

    record ByNumber(long number) implements BlockStart {}

    record ByHash(Hash hash) implements BlockStart {}
}
