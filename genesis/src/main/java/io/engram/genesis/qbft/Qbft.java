package io.engram.genesis.qbft;

import io.engram.genesis.Hash;
import org.apache.tuweni.units.bigints.UInt256;

/** Constants of every QBFT header. */
public final class Qbft {

    /** The mix hash that marks a header as BFT: the ASCII text "ctical byzantine fault tolerance". */
    public static final Hash MIX_HASH =
            Hash.fromHex("0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");

    public static final UInt256 DIFFICULTY = UInt256.ONE;

    private Qbft() {}
}
