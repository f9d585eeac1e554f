package io.engram.client.exchange;

import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.peer.Penalty;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/** Who is sent signatures: those that are new go to all others, all that are known to a peer that is owed them. Thread-safe. */
final class SignatureGossip {

    private final Supplier<List<MdlPeer>> peers;
    private final Set<MdlPeer> owed = ConcurrentHashMap.newKeySet();

    SignatureGossip(Supplier<List<MdlPeer>> peers) {
        this.peers = peers;
    }

    /** Holds a peer to account for what it sent, and gives what is new of it to the others. */
    void take(MdlPeer from, AttestationBook.Taken taken, Sending sending) {
        if (taken.malformed()) {
            from.peer().penalise(Penalty.INVALID_DATA);
        } else if (taken.strangers()) {
            from.peer().penalise(Penalty.USELESS);
        }
        spread(taken.added(), Optional.of(from), sending);
    }

    /** How signatures of one thing are sent. */
    @FunctionalInterface
    interface Sending {
        void send(MdlPeer peer, List<Bytes> signatures);
    }

    /** @param from who gave them; empty for those of this node's operator */
    void spread(List<Bytes> signatures, Optional<MdlPeer> from, Sending sending) {
        if (signatures.isEmpty()) {
            return;
        }
        for (MdlPeer peer : peers.get()) {
            if (!Optional.of(peer).equals(from)) {
                sending.send(peer, signatures);
            }
        }
    }

    /** A peer is to be sent what is known. */
    void owe(MdlPeer peer) {
        owed.add(peer);
    }

    void forget(MdlPeer peer) {
        owed.remove(peer);
    }

    /** @param all sends a peer all that is known */
    void pay(Consumer<MdlPeer> all) {
        for (MdlPeer peer : List.copyOf(owed)) {
            owed.remove(peer);
            all.accept(peer);
        }
    }
}
