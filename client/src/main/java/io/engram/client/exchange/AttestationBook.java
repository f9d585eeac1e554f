package io.engram.client.exchange;

import io.engram.client.consensus.BlockSigner;
import io.engram.client.consensus.SignatureCodec;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * Validators' signatures of the models that this node holds, has checked, and has seen announced on the file's own terms.
 * Thread-safe.
 */
final class AttestationBook {

    private final Map<Hash, Page> pages = new LinkedHashMap<>();

    /** @param digest that is signed */
    private record Page(Hash digest, SortedMap<Address, Signature> signatures) {}

    /**
     * What became of signatures that a peer sent.
     *
     * @param malformed whether one is no signature at all
     * @param strangers whether one is by nobody who is a validator
     */
    record Taken(List<Bytes> added, boolean malformed, boolean strangers) {}

    /**
     * Keeps signatures of these models from now on and forgets all others: they are attested, or their announcements have lapsed.
     *
     * @param digests what is signed of each
     * @return whether one of them is new
     */
    synchronized boolean keep(Map<Hash, Hash> digests) {
        pages.keySet().retainAll(digests.keySet());
        boolean more = false;
        for (Map.Entry<Hash, Hash> entry : digests.entrySet()) {
            if (pages.size() < ExchangeLimits.ATTESTED && !pages.containsKey(entry.getKey())) {
                pages.put(entry.getKey(), new Page(entry.getValue(), new TreeMap<>()));
                more = true;
            }
        }
        return more;
    }

    synchronized List<Hash> models() {
        return List.copyOf(pages.keySet());
    }

    /** Adds this node's signature. Empty when it is there already, or no signatures of the model are kept. */
    Optional<Bytes> sign(Hash modelId, BlockSigner signer) {
        Hash digest;
        synchronized (this) {
            Page page = pages.get(modelId);
            if (page == null || page.signatures().containsKey(signer.address())) {
                return Optional.empty();
            }
            digest = page.digest();
        }
        Signature signature = signer.sign(digest);
        synchronized (this) {
            Page page = pages.get(modelId);
            if (page == null || page.signatures().putIfAbsent(signer.address(), signature) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(SignatureCodec.encode(signature));
    }

    /** Adds those that are new and by one of these validators. */
    Taken add(Hash modelId, List<Bytes> sent, Set<Address> validators) {
        Hash digest;
        synchronized (this) {
            Page page = pages.get(modelId);
            if (page == null) {
                return new Taken(List.of(), false, false);
            }
            digest = page.digest();
        }
        List<Bytes> added = new ArrayList<>();
        boolean strangers = false;
        for (Bytes bytes : sent) {
            Optional<Signature> signature = SignatureCodec.decode(bytes).filter(Secp256k1::isLowS);
            Optional<Address> signer = signature.flatMap(one -> Secp256k1.recoverAddress(digest, one));
            if (signer.isEmpty()) {
                return new Taken(added, true, strangers);
            }
            if (!validators.contains(signer.get())) {
                strangers = true;
            } else if (keep(modelId, signer.get(), signature.orElseThrow())) {
                added.add(bytes);
            }
        }
        return new Taken(added, false, strangers);
    }

    private synchronized boolean keep(Hash modelId, Address signer, Signature signature) {
        Page page = pages.get(modelId);
        return page != null && page.signatures().putIfAbsent(signer, signature) == null;
    }

    /** Those by one of these validators, in ascending order of their addresses. */
    synchronized SortedMap<Address, Signature> signatures(Hash modelId, Set<Address> validators) {
        SortedMap<Address, Signature> found = new TreeMap<>();
        Page page = pages.get(modelId);
        if (page != null) {
            page.signatures().forEach((signer, signature) -> {
                if (validators.contains(signer)) {
                    found.put(signer, signature);
                }
            });
        }
        return found;
    }

    /** All of a model as they travel. */
    synchronized List<Bytes> encoded(Hash modelId) {
        Page page = pages.get(modelId);
        return page == null
                ? List.of()
                : page.signatures().values().stream()
                        .map(SignatureCodec::encode)
                        .toList();
    }
}
