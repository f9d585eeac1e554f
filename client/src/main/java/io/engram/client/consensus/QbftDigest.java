package io.engram.client.consensus;

import io.engram.genesis.Hash;

/** Fixed header values of QBFT. */
public final class QbftDigest {

    /** The mix hash that marks a header as made under Byzantine fault tolerant consensus. */
    public static final Hash MIX_HASH = Hash.fromHex("0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");

    private QbftDigest() {}
}
