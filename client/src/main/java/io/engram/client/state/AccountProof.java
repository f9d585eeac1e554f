package io.engram.client.state;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The answer of eth_getProof: RLP trie nodes from the root down. Absent accounts are proven by exclusion. */
public record AccountProof(
        Address address,
        long nonce,
        Wei balance,
        Hash codeHash,
        Hash storageRoot,
        List<Bytes> accountNodes,
        List<SlotProof> slots) {

    public record SlotProof(UInt256 slot, UInt256 value, List<Bytes> nodes) {}
}
