package io.engram.client.demo;

import io.engram.client.chain.ChainStore;
import io.engram.client.chain.ImportSummary;
import io.engram.client.dev.DevNetwork;
import io.engram.client.node.Node;
import io.engram.client.storage.Durability;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.inference.MalformedModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A second node on a data path of its own, which imports a chain and recomputes every inference in it. */
final class Verifier {

    /** What the second node ended up with. */
    record Outcome(Hash head, long blocks, long inferences) {}

    private Verifier() {}

    /**
     * Imports a chain.
     *
     * @param blocks as {@code engram blocks export} writes them
     * @param model the file that the chain's transactions call
     * @throws IOException when a block is refused, with the reason
     */
    static Outcome verify(Path dataPath, Path blocks, byte[] model) throws IOException {
        try (Node node = Node.open(new Node.Options(
                        dataPath, DevNetwork.genesis(), Durability.PROCESS, Node.TARGET_GAS_LIMIT, Optional::empty));
                InputStream in = Files.newInputStream(blocks)) {
            node.models().add(model);
            ImportSummary summary = node.importer().importAll(in);
            if (summary.failure().isPresent()) {
                throw new IOException(
                        "the second node refuses " + summary.failure().get());
            }
            ChainStore store = node.chain().store();
            long inferences = 0;
            for (long number = 1; number <= store.head().number(); number++) {
                inferences += store.canonicalHash(number).flatMap(store::inferences).stream()
                        .mapToLong(List::size)
                        .sum();
            }
            return new Outcome(store.head().hash(), summary.imported(), inferences);
        } catch (InvalidGenesisException | MalformedModelException e) {
            throw new IllegalStateException("the shipped genesis or model is wrong", e);
        }
    }
}
