package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.consensus.validator.PendingVotes;
import io.engram.client.rpc.BlockReference;
import io.engram.client.rpc.ChainView;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcValues;
import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The namespace qbft, in Besu's shapes. Thread-safe. */
final class QbftMethods {

    /** Blocks that {@code qbft_getSignerMetrics} looks at when it is not told which. */
    private static final long DEFAULT_RANGE = 100;

    /** Blocks that one request may look at. */
    private static final long MAX_RANGE = 50_000;

    private final Node node;
    private final ChainView chain;
    private final QbftConfig config;
    private final PendingVotes votes;
    private final Optional<ValidatorModels> holdings;

    /** @param holdings absent on chains without inference */
    QbftMethods(Node node, ChainView chain, QbftConfig config, Optional<ValidatorModels> holdings) {
        this.node = node;
        this.chain = chain;
        this.config = config;
        this.votes = node.votes();
        this.holdings = holdings;
    }

    void register(RpcRegistry registry) {
        registry.cheap("qbft_getPendingVotes", parameters -> pendingVotes())
                .cheap("qbft_proposeValidatorVote", this::propose)
                .cheap("qbft_discardValidatorVote", this::discard)
                .cheap(
                        "qbft_getRequestTimeoutSeconds",
                        parameters -> IntNode.valueOf(Math.toIntExact(config.requestTimeoutSeconds())))
                .execution("qbft_getValidatorsByBlockNumber", parameters -> validators(parameters.block(0)))
                .execution(
                        "qbft_getValidatorsByBlockHash",
                        parameters -> validators(new BlockReference.ByHash(parameters.hash(0, "blockHash"), false)))
                .execution("qbft_getSignerMetrics", this::signerMetrics);
    }

    private JsonNode pendingVotes() {
        ObjectNode json = Json.object();
        new TreeMap<>(votes.all()).forEach((candidate, add) -> json.put(candidate.toHex(), add));
        return json;
    }

    private JsonNode propose(RpcParameters parameters) {
        Address candidate = parameters.address(0, "address");
        boolean add = RpcValues.flag(parameters.required(1, "add"), "add");
        boolean forced = parameters
                .optional(2)
                .filter(force -> RpcValues.flag(force, "force"))
                .isPresent();
        if (add && !forced) {
            holdings.flatMap(models -> models.objection(candidate)).ifPresent(objection -> {
                throw new RpcException(
                        RpcErrorCode.SERVER_ERROR,
                        objection
                                + "; as a validator it could not vote on blocks that call them (a third parameter true"
                                + " proposes it all the same)");
            });
        }
        if (!votes.propose(candidate, add)) {
            throw new RpcException(
                    RpcErrorCode.LIMIT_EXCEEDED, "votes on " + PendingVotes.MAX_CANDIDATES + " candidates are open");
        }
        return Json.bool(true);
    }

    private JsonNode discard(RpcParameters parameters) {
        votes.discard(parameters.address(0, "address"));
        return Json.bool(true);
    }

    private JsonNode validators(BlockReference reference) {
        Optional<ChainView.Located> block = chain.find(reference);
        return Json.orNull(block, found -> Json.array(inForceAt(found.header()), RpcHex::data));
    }

    /** Genesis has no parent: there, those of the first block. */
    private List<Address> inForceAt(BlockHeader header) {
        BlockHeader parent = chain.store().header(header.parentHash()).orElse(header);
        return node.validators().after(parent).addresses();
    }

    private static final class Metrics {
        private long proposed;
        private long last;
    }

    /** Who proposed how many of the blocks {@code [from, to)}; validators at present are listed even with none. */
    private JsonNode signerMetrics(RpcParameters parameters) {
        long head = chain.head().number();
        long from = parameters.optional(0).isPresent()
                ? number(parameters.block(0))
                : Math.max(0, head - DEFAULT_RANGE + 1);
        long to = parameters.optional(1).isPresent() ? number(parameters.block(1)) : head + 1;
        if (from > to) {
            throw RpcException.invalidParameter("fromBlock", "expected at most toBlock");
        }
        if (to - from > MAX_RANGE) {
            throw new RpcException(RpcErrorCode.LIMIT_EXCEEDED, "at most " + MAX_RANGE + " blocks at a time");
        }
        Map<Address, Metrics> metrics = new TreeMap<>();
        inForceAt(chain.head().header()).forEach(validator -> metrics.put(validator, new Metrics()));
        for (long number = from; number < Math.min(to, head + 1); number++) {
            Optional<BlockHeader> header = chain.store().header(number);
            if (number > 0 && header.isPresent()) {
                Metrics own = metrics.computeIfAbsent(header.get().coinbase(), absent -> new Metrics());
                own.proposed++;
                own.last = number;
            }
        }
        return Json.array(List.copyOf(metrics.entrySet()), QbftMethods::view);
    }

    private long number(BlockReference reference) {
        return chain.require(reference).number();
    }

    private static ObjectNode view(Map.Entry<Address, Metrics> entry) {
        ObjectNode json = Json.object();
        json.set("address", RpcHex.data(entry.getKey()));
        json.set("proposedBlockCount", RpcHex.quantity(entry.getValue().proposed));
        json.set("lastProposedBlockNumber", RpcHex.quantity(entry.getValue().last));
        return json;
    }
}
