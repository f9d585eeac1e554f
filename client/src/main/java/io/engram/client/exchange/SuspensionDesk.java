package io.engram.client.exchange;

import io.engram.client.model.RegistryDirectory;
import io.engram.client.model.RegistryStorage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.opcode.ModelStatus;
import io.engram.p2p.mdl.MdlPeer;
import io.engram.p2p.peer.Penalty;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/**
 * Validators' signatures by which a model is suspended, or let go on: takes those that would change something at the head, from
 * operators and peers, and passes them on. Thread-safe; {@link #look} and {@link #pay} are called by one thread.
 */
final class SuspensionDesk {

    private final ModelExchange.SuspensionDigest digests;
    private final Supplier<List<MdlPeer>> peers;

    /** Under the digest of each change, since a model sees several. */
    private final AttestationBook book = new AttestationBook();

    private final Set<MdlPeer> owed = ConcurrentHashMap.newKeySet();
    private volatile Map<Hash, Open> open = Map.of();
    private RegistryView seen = RegistryView.EMPTY;

    /** The one change of a model that is possible now. */
    private record Open(Suspension change, Hash digest) {}

    SuspensionDesk(ModelExchange.SuspensionDigest digests, Supplier<List<MdlPeer>> peers) {
        this.digests = digests;
        this.peers = peers;
    }

    /** Takes up what the chain says now. */
    void look(RegistryView registry, long nextBlock) {
        if (registry.equals(seen)) {
            return;
        }
        seen = registry;
        Map<Hash, Open> now = new HashMap<>();
        Map<Hash, Hash> kept = new HashMap<>();
        for (Map.Entry<Hash, RegistryStorage.Entry> model : registry.attested().entrySet()) {
            RegistryStorage.Entry entry = model.getValue();
            if (RegistryDirectory.statusAt(entry, nextBlock) != ModelStatus.RETIRED) {
                Suspension change = new Suspension(model.getKey(), !entry.suspended(), entry.suspensionNonce());
                Hash digest = digests.of(change);
                now.put(model.getKey(), new Open(change, digest));
                kept.put(digest, digest);
            }
        }
        boolean _ = book.keep(kept);
        open = Map.copyOf(now);
    }

    /** The change of a model that may be signed now; empty when no quorum has attested it, or it is retired. */
    Optional<Suspension> possible(Hash modelId) {
        return Optional.ofNullable(open.get(modelId)).map(Open::change);
    }

    SortedMap<Address, Signature> signatures(Suspension change, Set<Address> validators) {
        return find(change)
                .map(found -> book.signatures(found.digest(), validators))
                .orElseGet(() -> Collections.unmodifiableSortedMap(new TreeMap<>()));
    }

    private Optional<Open> find(Suspension change) {
        return Optional.ofNullable(open.get(change.modelId()))
                .filter(found -> found.change().equals(change));
    }

    /**
     * Takes an operator's signature.
     *
     * @return why not; empty when it is kept and passed on, or was known
     */
    Optional<String> sign(Suspension change, Bytes signature, Set<Address> validators) {
        Optional<Open> found = find(change);
        if (found.isEmpty()) {
            return Optional.of("no such change of the model is possible now");
        }
        AttestationBook.Taken taken = book.add(found.get().digest(), List.of(signature), validators);
        if (taken.malformed() || taken.strangers()) {
            return Optional.of("the signature is by no validator in force");
        }
        spread(change, taken.added(), Optional.empty());
        return Optional.empty();
    }

    /** Signatures came from a peer; of another change than the one possible here nothing is known, which is no fault. */
    void take(MdlPeer peer, Suspension change, List<Bytes> signatures, Set<Address> validators) {
        Optional<Open> found = find(change);
        if (found.isEmpty()) {
            return;
        }
        AttestationBook.Taken taken = book.add(found.get().digest(), signatures, validators);
        if (taken.malformed()) {
            peer.peer().penalise(Penalty.INVALID_DATA);
        } else if (taken.strangers()) {
            peer.peer().penalise(Penalty.USELESS);
        }
        spread(change, taken.added(), Optional.of(peer));
    }

    private void spread(Suspension change, List<Bytes> signatures, Optional<MdlPeer> from) {
        if (signatures.isEmpty()) {
            return;
        }
        for (MdlPeer peer : peers.get()) {
            if (!Optional.of(peer).equals(from)) {
                send(peer, change, signatures);
            }
        }
    }

    private static void send(MdlPeer peer, Suspension change, List<Bytes> signatures) {
        peer.sendSuspension(change.modelId(), change.suspended(), change.nonce(), signatures);
    }

    /** A peer is there, or has said something: it is to be sent what is known. */
    void owe(MdlPeer peer) {
        owed.add(peer);
    }

    void forget(MdlPeer peer) {
        owed.remove(peer);
    }

    /** Sends what is owed. */
    void pay() {
        for (MdlPeer peer : List.copyOf(owed)) {
            owed.remove(peer);
            for (Open change : open.values()) {
                List<Bytes> signatures = book.encoded(change.digest());
                if (!signatures.isEmpty()) {
                    send(peer, change.change(), signatures);
                }
            }
        }
    }
}
