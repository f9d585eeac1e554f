package io.engram.client.exchange;

import io.engram.client.consensus.BlockSigner;
import io.engram.client.model.ModelStore;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.model.Model;
import io.engram.p2p.mdl.MdlPeer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks announced models against their files, signs them where this node is a validator, and passes signatures on. A node
 * takes signatures only of models that it holds and has seen announced; so it is sent them when it says that it holds
 * one. {@link #look} is called by one thread, all else is thread-safe.
 */
final class AttestationDesk {

    private static final Logger LOG = LoggerFactory.getLogger(AttestationDesk.class);

    private final ModelStore store;
    private final ModelExchange.AttestationDigest digests;
    private final Optional<BlockSigner> signer;
    private final SignatureGossip gossip;
    private final AttestationBook book = new AttestationBook();

    /** Announced models that are here, so that each is read once. */
    private final Map<Hash, Checked> checked = new HashMap<>();

    private final Map<Hash, String> faults = new ConcurrentHashMap<>();

    /** The terms in a file, and what is signed of them. */
    private record Checked(Announcement terms, Hash digest) {}

    AttestationDesk(
            ModelStore store,
            ModelExchange.AttestationDigest digests,
            Optional<BlockSigner> signer,
            Supplier<List<MdlPeer>> peers) {
        this.store = store;
        this.digests = digests;
        this.signer = signer;
        this.gossip = new SignatureGossip(peers);
    }

    boolean isValidator(RegistryView registry) {
        return signer.filter(one -> registry.validators().contains(one.address()))
                .isPresent();
    }

    /** Why this node does not sign a model that it holds. */
    Optional<String> fault(Hash modelId) {
        return Optional.ofNullable(faults.get(modelId));
    }

    SortedMap<Address, Signature> signatures(Hash modelId, Set<Address> validators) {
        return book.signatures(modelId, validators);
    }

    /**
     * Checks what is announced and here, and signs it.
     *
     * @param here models in the store
     * @return whether signatures of more models are taken than before
     */
    boolean look(Set<Hash> here, RegistryView registry, List<Announcement> announcements) {
        Map<Hash, Hash> open = new HashMap<>();
        Map<Hash, String> wrong = new HashMap<>();
        Set<Hash> due = new HashSet<>();
        for (Announcement announcement : announcements) {
            Hash id = announcement.modelId();
            if (!here.contains(id) || registry.attested().containsKey(id)) {
                continue;
            }
            due.add(id);
            try {
                Checked file = checked.computeIfAbsent(id, this::check);
                Optional<String> fault = announcement.fault(file.terms());
                if (fault.isPresent()) {
                    wrong.put(id, fault.get());
                } else {
                    open.put(id, file.digest());
                }
            } catch (LocalFaultException e) {
                wrong.put(id, String.valueOf(e.getMessage()));
            }
        }
        checked.keySet().retainAll(due);
        wrong.keySet().removeAll(open.keySet());
        report(wrong);
        boolean more = book.keep(open);
        if (isValidator(registry)) {
            open.keySet().forEach(this::sign);
        }
        return more;
    }

    private Checked check(Hash modelId) {
        Model model = store.load(modelId);
        return new Checked(Announcement.of(model), digests.of(model));
    }

    private void report(Map<Hash, String> wrong) {
        wrong.forEach((id, fault) -> {
            if (!fault.equals(faults.put(id, fault))) {
                LOG.warn("Model {} is not attested: {}", id, fault);
            }
        });
        faults.keySet().retainAll(wrong.keySet());
    }

    private void sign(Hash modelId) {
        book.sign(modelId, signer.orElseThrow()).ifPresent(signature -> {
            LOG.info("Model {} is attested by this validator", modelId);
            gossip.spread(List.of(signature), Optional.empty(), sending(modelId));
        });
    }

    private static SignatureGossip.Sending sending(Hash modelId) {
        return (peer, signatures) -> peer.sendAttestations(modelId, signatures);
    }

    /** A peer said what it holds. */
    void owe(MdlPeer peer) {
        gossip.owe(peer);
    }

    void forget(MdlPeer peer) {
        gossip.forget(peer);
    }

    /** Sends the signatures of what a peer holds to those that told. */
    void pay() {
        gossip.pay(peer -> book.models().forEach(id -> {
            List<Bytes> signatures = book.encoded(id);
            if (!signatures.isEmpty() && peer.held().models().contains(id)) {
                sending(id).send(peer, signatures);
            }
        }));
    }

    /** Signatures came from a peer; those that are new are passed on. */
    void take(MdlPeer peer, Hash modelId, List<Bytes> signatures, Set<Address> validators) {
        gossip.take(peer, book.add(modelId, signatures, validators), sending(modelId));
    }
}
