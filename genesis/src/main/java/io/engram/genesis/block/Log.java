package io.engram.genesis.block;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** An event that a contract emitted, with up to four topics. */
public record Log(Address address, List<Hash> topics, Bytes data) {

    public static final int MAX_TOPICS = 4;

    public Log {
        topics = List.copyOf(topics);
    }
}
