package io.engram.client.consensus.qbft;

import io.engram.genesis.Address;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** The way to the other validators. Must not block. */
public interface MessageSender {

    /** Sends to those of the validators that are connected. */
    void send(Set<Address> validators, int code, Bytes data);

    /** A peer sent what no honest node sends. */
    void misbehaved(Address peer, String reason);
}
