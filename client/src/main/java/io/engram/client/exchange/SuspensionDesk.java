package io.engram.client.exchange;

import io.engram.client.model.RegistryDirectory;
import io.engram.client.model.RegistryStorage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.opcode.ModelStatus;
import io.engram.p2p.mdl.MdlPeer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/**
 * Validators' signatures by which a model is suspended, or let go on: takes those that would change something at the head, from
 * operators and peers, and passes them on. Thread-safe; {@link #look} and {@link #pay} are called by one thread.
 */
final class SuspensionDesk {

    private final ModelExchange.SuspensionDigest digests;
    private final SignatureGossip gossip;

    /** Under the digest of each change, since a model sees several. */
    private final AttestationBook book = new AttestationBook();

    private volatile Map<Hash, Open> open = Map.of();
    private RegistryView seen = RegistryView.EMPTY;

    /** The one change of a model that is possible now. */
    private record Open(Suspension change, Hash digest) {}

    SuspensionDesk(ModelExchange.SuspensionDigest digests, Supplier<List<MdlPeer>> peers) {
        this.digests = digests;
        this.gossip = new SignatureGossip(peers);
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
        gossip.spread(taken.added(), Optional.empty(), sending(change));
        return Optional.empty();
    }

    /** Signatures came from a peer; of another change than the one possible here nothing is known, which is no fault. */
    void take(MdlPeer peer, Suspension change, List<Bytes> signatures, Set<Address> validators) {
        Optional<Open> found = find(change);
        if (found.isEmpty()) {
            return;
        }
        gossip.take(peer, book.add(found.get().digest(), signatures, validators), sending(change));
    }

    private static SignatureGossip.Sending sending(Suspension change) {
        return (peer, signatures) ->
                peer.sendSuspension(change.modelId(), change.suspended(), change.nonce(), signatures);
    }

    /** A peer is there, or has said something: it is to be sent what is known. */
    void owe(MdlPeer peer) {
        gossip.owe(peer);
    }

    void forget(MdlPeer peer) {
        gossip.forget(peer);
    }

    /** Sends what is owed. */
    void pay() {
        gossip.pay(peer -> open.values().forEach(known -> {
            List<Bytes> signatures = book.encoded(known.digest());
            if (!signatures.isEmpty()) {
                sending(known.change()).send(peer, signatures);
            }
        }));
    }
}
