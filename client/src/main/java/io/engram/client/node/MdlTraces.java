package io.engram.client.node;

import io.engram.client.divergence.ProposerTraces;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.p2p.mdl.MdlPeer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks proposers over {@code mdl/1}; a validator's node key is its validator key. Requests have a time limit there. */
record MdlTraces(Supplier<List<MdlPeer>> peers) implements ProposerTraces {

    private static final Logger LOG = LoggerFactory.getLogger(MdlTraces.class);

    @Override
    public Optional<List<Bytes>> receipts(Address proposer, Hash block) {
        return ask(proposer, peer -> peer.inferenceReceipts(block));
    }

    @Override
    public Optional<List<Bytes>> steps(Address proposer, Hash block, int inference, int steps) {
        return ask(proposer, peer -> peer.steps(block, inference, steps));
    }

    private Optional<List<Bytes>> ask(Address proposer, Function<MdlPeer, CompletableFuture<List<Bytes>>> question) {
        Optional<MdlPeer> found = peers.get().stream()
                .filter(peer -> ConsensusPeers.addressOf(peer.peer().id()).equals(proposer))
                .findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(found.get()).get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            LOG.debug("{} does not give its traces", found.get(), e);
            return Optional.empty();
        }
    }
}
