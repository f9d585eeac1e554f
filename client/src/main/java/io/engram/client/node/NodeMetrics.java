package io.engram.client.node;

import io.engram.client.chain.WorkCounts;
import io.engram.client.divergence.Divergence;
import io.engram.client.divergence.DivergenceLog;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.metrics.Metrics;
import java.util.Optional;
import java.util.OptionalLong;

/** What a node tells monitoring systems, in Besu's names where Besu has the same figure. */
final class NodeMetrics {

    private NodeMetrics() {}

    static Metrics of(
            Node node,
            WorkCounts work,
            Optional<NodeNetwork> network,
            Optional<QbftService> consensus,
            Optional<DivergenceLog> divergences,
            Optional<ModelExchange> exchange,
            Optional<ValidatorModels> holdings) {
        Metrics metrics = new Metrics()
                .gauge(
                        "ethereum_blockchain_height",
                        "Number of the head block",
                        () -> node.chain().head().number())
                .gauge(
                        "ethereum_peer_count",
                        "Connected peers",
                        () -> network.map(NodeNetwork::peerCount).orElse(0))
                .gauge(
                        "engram_transaction_pool_size",
                        "Transactions in the pool",
                        () -> node.pool().size())
                .counter(
                        "engram_blocks_proposed",
                        "Blocks of this node that joined the chain",
                        () -> work.totals().proposed());
        consensus.ifPresent(service -> metrics.gauge(
                "engram_consensus_round",
                "Round of the agreement on the next block",
                () -> service.status()
                        .map(status -> OptionalLong.of(status.round()))
                        .orElse(OptionalLong.empty())));
        exchange.ifPresent(part -> metrics.gauge(
                        "engram_models_lacking",
                        "Active models that are not on this node",
                        () -> part.lacking().size())
                .counter("engram_model_chunks_sent", "Chunks of model files given to peers", part::chunksSent)
                .counter(
                        "engram_model_chunks_received",
                        "Chunks of model files that peers gave and that belonged",
                        part::chunksReceived));
        holdings.ifPresent(models -> metrics.gauges(
                "engram_validator_models_lacking",
                "Active models that a validator does not hold, of validators that are known to this node",
                "validator",
                () -> models.counts(
                        node.validators().after(node.chain().head().header()).addresses())));
        if (node.config().inference().isPresent()) {
            metrics.counter(
                            "engram_inference_verified",
                            "Inferences recomputed in blocks of other proposers",
                            () -> work.totals().inferences())
                    .counter(
                            "engram_inference_verified_steps",
                            "Steps of the inferences recomputed in blocks of other proposers",
                            () -> work.totals().steps())
                    .gauge(
                            "engram_inference_fault",
                            "1 when a back end of inference, or a device, was given up since the start",
                            () -> node.engine().backend().fault().isPresent() ? 1 : 0);
        }
        divergences.ifPresent(log -> metrics.counter(
                        "engram_inference_divergences_proposer",
                        "Blocks whose inferences the reference back end does not confirm",
                        () -> log.count(Divergence.Verdict.PROPOSER))
                .counter(
                        "engram_inference_divergences_own",
                        "Blocks of whose inferences this node's back end was wrong",
                        () -> log.count(Divergence.Verdict.THIS_NODE)));
        return metrics;
    }
}
