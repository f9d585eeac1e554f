package io.engram.client.sealed;

import io.engram.client.chain.ClaimedInferences;
import io.engram.client.chain.SealedSource;
import io.engram.client.divergence.StepLists;
import io.engram.genesis.Hash;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.p2p.mdl.MdlPeer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results of sealed blocks from the peers of {@code mdl/1}, the one that helped last first. A peer whose answer does not hash to
 * the block's inference root is dropped. Thread-safe.
 */
public final class PeerClaims implements SealedSource {

    private static final Logger LOG = LoggerFactory.getLogger(PeerClaims.class);

    /** Peers that are asked about one block. */
    private static final int PEERS = 8;

    private volatile Supplier<List<MdlPeer>> peers = List::of;
    private volatile Optional<MdlPeer> helpful = Optional.empty();

    /** Nobody is asked before this. */
    public void askFrom(Supplier<List<MdlPeer>> connected) {
        peers = connected;
    }

    private record PeerClaim(MdlPeer peer, ClaimedInferences inferences) implements Claim {
        @Override
        public void reject() {
            LOG.warn("{} gave results of inferences that are not about the block's inputs", peer);
            peer.reject();
        }
    }

    @Override
    public Iterator<Claim> claims(Hash block, Hash inferenceRoot) {
        List<MdlPeer> order = new ArrayList<>(peers.get());
        Optional<MdlPeer> first = helpful;
        first.filter(order::remove).ifPresent(order::addFirst);
        return new Asking(new ArrayDeque<>(order.subList(0, Math.min(PEERS, order.size()))), block, inferenceRoot);
    }

    /** Asks one peer after another, each when its claim is wanted. */
    private final class Asking implements Iterator<Claim> {

        private final Deque<MdlPeer> left;
        private final Hash block;
        private final Hash inferenceRoot;
        private Optional<Claim> found = Optional.empty();

        private Asking(Deque<MdlPeer> left, Hash block, Hash inferenceRoot) {
            this.left = left;
            this.block = block;
            this.inferenceRoot = inferenceRoot;
        }

        @Override
        public boolean hasNext() {
            while (found.isEmpty() && !left.isEmpty() && !Thread.currentThread().isInterrupted()) {
                MdlPeer peer = left.removeFirst();
                found = ask(peer, block, inferenceRoot);
                if (found.isPresent()) {
                    helpful = Optional.of(peer);
                }
            }
            return found.isPresent();
        }

        @Override
        public Claim next() {
            if (!hasNext()) {
                throw new NoSuchElementException("nobody else is left to ask");
            }
            Claim claim = found.orElseThrow();
            found = Optional.empty();
            return claim;
        }
    }

    /** A claim that hashes to the root; requests have a time limit of their own. */
    private static Optional<Claim> ask(MdlPeer peer, Hash block, Hash inferenceRoot) {
        CompletableFuture<List<Bytes>> receipts = peer.inferenceReceipts(block);
        CompletableFuture<List<Bytes>> outputs = peer.inferenceOutputs(block);
        try {
            return judge(peer, receipts.get(), outputs.get(), inferenceRoot);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            LOG.debug("{} does not give the inferences of block {}", peer, block, e);
            return Optional.empty();
        }
    }

    private static Optional<Claim> judge(MdlPeer peer, List<Bytes> receipts, List<Bytes> outputs, Hash inferenceRoot) {
        if (receipts.isEmpty() || outputs.isEmpty()) {
            return Optional.empty();
        }
        Optional<ClaimedInferences> claim = check(receipts, outputs, inferenceRoot);
        if (claim.isEmpty()) {
            LOG.warn("{} gave results of inferences that are not those of the block", peer);
            peer.reject();
        }
        return claim.map(inferences -> new PeerClaim(peer, inferences));
    }

    /** What a peer sent, if it is what the root commits to. */
    static Optional<ClaimedInferences> check(List<Bytes> receipts, List<Bytes> outputs, Hash inferenceRoot) {
        if (receipts.size() != outputs.size()) {
            return Optional.empty();
        }
        List<InferenceOutput> decoded = new ArrayList<>(outputs.size());
        for (Bytes bytes : outputs) {
            Optional<InferenceOutput> output = InferenceOutput.ofBytes(bytes.toArray());
            if (output.isEmpty()) {
                return Optional.empty();
            }
            decoded.add(output.get());
        }
        return StepLists.receipts(receipts, inferenceRoot)
                .flatMap(checked -> ClaimedInferences.of(checked, decoded, inferenceRoot));
    }
}
