package io.engram.genesis.block;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Block 0 of Ethereum's main network. */
public final class MainnetGenesis {

    public static final Hash HASH = Hash.fromHex("0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");

    public static final BlockHeader HEADER = new BlockHeader(
            Hash.ZERO,
            Hash.EMPTY_LIST,
            Address.ZERO,
            Hash.fromHex("0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544"),
            Hash.EMPTY_TRIE,
            Hash.EMPTY_TRIE,
            LogsBloom.EMPTY,
            UInt256.valueOf(0x400000000L),
            0,
            5_000,
            0,
            0,
            Bytes.fromHexString("0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa"),
            Hash.ZERO,
            Bytes.fromHexString("0x0000000000000042"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private MainnetGenesis() {}
}
