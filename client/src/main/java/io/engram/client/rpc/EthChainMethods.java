package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.tuweni.units.bigints.UInt256;

/** The chain as a whole: id, height, accounts of the node, fees. */
public final class EthChainMethods {

    private static final double BLOBS_UNUSED = 0;

    private final UInt256 chainId;
    private final ChainView chain;
    private final GasOracle oracle;
    private final Function<BlockHeader, Wei> blobBaseFee;
    private final Supplier<Wei> nextBlobBaseFee;
    private final List<Address> accounts;
    private final NetworkView network;

    /**
     * @param blobBaseFee in force in a block that has an excess of blob gas
     * @param accounts that the node signs for: none, but on development networks
     */
    public EthChainMethods(
            UInt256 chainId,
            ChainView chain,
            GasOracle oracle,
            Function<BlockHeader, Wei> blobBaseFee,
            Supplier<Wei> nextBlobBaseFee,
            List<Address> accounts,
            NetworkView network) {
        this.network = network;
        this.chainId = chainId;
        this.chain = chain;
        this.oracle = oracle;
        this.blobBaseFee = blobBaseFee;
        this.nextBlobBaseFee = nextBlobBaseFee;
        this.accounts = List.copyOf(accounts);
    }

    public void register(RpcRegistry registry) {
        registry.cheap("eth_chainId", parameters -> RpcHex.quantity(chainId))
                .cheap("eth_protocolVersion", parameters -> RpcHex.quantity(69))
                .cheap(
                        "eth_blockNumber",
                        parameters -> RpcHex.quantity(chain.head().number()))
                .cheap("eth_syncing", parameters -> syncing())
                .cheap("eth_accounts", parameters -> Json.array(accounts, RpcHex::data))
                .cheap(
                        "eth_coinbase",
                        parameters -> RpcHex.data(chain.head().header().coinbase()))
                .execution("eth_gasPrice", parameters -> RpcHex.quantity(oracle.gasPrice()))
                .execution("eth_maxPriorityFeePerGas", parameters -> RpcHex.quantity(oracle.tip()))
                .cheap("eth_baseFee", parameters -> RpcHex.quantity(oracle.nextBaseFee()))
                .cheap("eth_blobBaseFee", parameters -> RpcHex.quantity(nextBlobBaseFee.get()))
                .execution("eth_feeHistory", this::feeHistory);
    }

    private JsonNode syncing() {
        return network.syncing()
                .<JsonNode>map(progress -> Json.object()
                        .put(
                                "startingBlock",
                                RpcHex.quantity(progress.starting()).asText())
                        .put("currentBlock", RpcHex.quantity(progress.current()).asText())
                        .put("highestBlock", RpcHex.quantity(progress.highest()).asText()))
                .orElseGet(() -> Json.bool(false));
    }

    private JsonNode feeHistory(RpcParameters parameters) {
        JsonNode count = parameters.required(0, "blockCount");
        long asked = count.isIntegralNumber()
                ? RpcValues.lenientLong(count, "blockCount")
                : RpcValues.quantity(count, "blockCount");
        if (asked < 1 || asked > RpcLimits.FEE_HISTORY_BLOCKS) {
            throw RpcException.invalidParameter("blockCount", "outside 1 … " + RpcLimits.FEE_HISTORY_BLOCKS);
        }
        ChainView.Located newest = chain.require(parameters.requiredBlock(1));
        List<Double> percentiles = percentiles(parameters.optional(2));
        long oldest = Math.max(0, newest.number() - asked + 1);

        ObjectNode json = Json.object();
        json.set("oldestBlock", RpcHex.quantity(oldest));
        ArrayNode baseFees = json.putArray("baseFeePerGas");
        ArrayNode ratios = json.putArray("gasUsedRatio");
        ArrayNode blobFees = json.putArray("baseFeePerBlobGas");
        ArrayNode blobRatios = json.putArray("blobGasUsedRatio");
        ArrayNode rewards = Json.array();
        for (long number = oldest; number <= newest.number(); number++) {
            ChainView.Located block = chain.require(new BlockReference.ByNumber(number));
            BlockHeader header = block.header();
            baseFees.add(RpcHex.quantity(header.baseFee().orElse(Wei.ZERO)));
            ratios.add(header.gasLimit() == 0 ? 0 : (double) header.gasUsed() / header.gasLimit());
            blobFees.add(blobFee(header));
            blobRatios.add(BLOBS_UNUSED);
            rewards.add(Json.array(oracle.rewards(block, percentiles), RpcHex::quantity));
        }
        addNext(newest, baseFees, blobFees);
        if (!percentiles.isEmpty()) {
            json.set("reward", rewards);
        }
        return json;
    }

    /** Base fees have one more entry: those of the block after the newest. */
    private void addNext(ChainView.Located newest, ArrayNode baseFees, ArrayNode blobFees) {
        Optional<ChainView.Located> next = chain.find(new BlockReference.ByNumber(newest.number() + 1));
        baseFees.add(RpcHex.quantity(
                next.map(block -> block.header().baseFee().orElse(Wei.ZERO)).orElseGet(oracle::nextBaseFee)));
        blobFees.add(
                next.map(block -> blobFee(block.header())).orElseGet(() -> RpcHex.quantity(nextBlobBaseFee.get())));
    }

    private JsonNode blobFee(BlockHeader header) {
        return RpcHex.quantity(header.excessBlobGas().isPresent() ? blobBaseFee.apply(header) : Wei.ZERO);
    }

    private static List<Double> percentiles(Optional<JsonNode> node) {
        List<Double> percentiles = new ArrayList<>();
        if (node.isEmpty()) {
            return percentiles;
        }
        if (!node.get().isArray() || node.get().size() > RpcLimits.FEE_HISTORY_PERCENTILES) {
            throw RpcException.invalidParameter(
                    "rewardPercentiles", "expected at most " + RpcLimits.FEE_HISTORY_PERCENTILES + " numbers");
        }
        double last = 0;
        for (JsonNode one : node.get()) {
            double value = one.asDouble(-1);
            if (!one.isNumber() || value < last || value > 100) {
                throw RpcException.invalidParameter("rewardPercentiles", "expected ascending numbers in 0 … 100");
            }
            percentiles.add(value);
            last = value;
        }
        return percentiles;
    }
}
