package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.pool.PoolHead;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.block.BlockBody;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/** Blocks, their transaction counts, uncles and receipts. */
public final class EthBlockMethods {

    private static final int NONCE_BYTES = 8;

    private final ChainView chain;
    private final TransactionPool pool;
    private final TransactionView transactions;
    private final BlockView blocks;
    private final ReceiptView receipts;
    private final LongSupplier nextTimestamp;

    EthBlockMethods(
            ChainView chain,
            TransactionPool pool,
            TransactionView transactions,
            BlockView blocks,
            ReceiptView receipts,
            LongSupplier nextTimestamp) {
        this.chain = chain;
        this.pool = pool;
        this.transactions = transactions;
        this.blocks = blocks;
        this.receipts = receipts;
        this.nextTimestamp = nextTimestamp;
    }

    void register(RpcRegistry registry) {
        registry.execution("eth_getBlockByHash", this::byHash)
                .execution("eth_getBlockByNumber", this::byNumber)
                .execution("eth_getBlockReceipts", this::blockReceipts)
                .cheap(
                        "eth_getBlockTransactionCountByHash",
                        count(this::hashAt, body -> body.transactions().size()))
                .cheap(
                        "eth_getBlockTransactionCountByNumber",
                        count(this::referenceAt, body -> body.transactions().size()))
                .cheap(
                        "eth_getUncleCountByBlockHash",
                        count(this::hashAt, body -> body.ommers().size()))
                .cheap(
                        "eth_getUncleCountByBlockNumber",
                        count(this::referenceAt, body -> body.ommers().size()))
                .cheap("eth_getUncleByBlockHashAndIndex", parameters -> uncle(hashAt(parameters), parameters))
                .cheap("eth_getUncleByBlockNumberAndIndex", parameters -> uncle(referenceAt(parameters), parameters));
    }

    private BlockReference hashAt(RpcParameters parameters) {
        return new BlockReference.ByHash(parameters.hash(0, "blockHash"), false);
    }

    private BlockReference referenceAt(RpcParameters parameters) {
        return parameters.requiredBlock(0);
    }

    private JsonNode byHash(RpcParameters parameters) {
        BlockReference reference = hashAt(parameters);
        boolean full = parameters.flag(1, "hydrated", false);
        return Json.orNull(chain.find(reference), block -> view(block, full));
    }

    private JsonNode byNumber(RpcParameters parameters) {
        BlockReference reference = referenceAt(parameters);
        boolean full = parameters.flag(1, "hydrated", false);
        if (reference == BlockReference.Tag.PENDING) {
            return pending(full);
        }
        return Json.orNull(chain.find(reference), block -> view(block, full));
    }

    private ObjectNode view(ChainView.Located block, boolean full) {
        return blocks.block(block, chain.body(block), chain.store().totalDifficulty(block.hash()), full);
    }

    /** The head's successor as far as it is known: number, base fee and the executable transactions of the pool. */
    private ObjectNode pending(boolean full) {
        ChainView.Located head = chain.head();
        PoolHead next = pool.head();
        ObjectNode json = BlockView.header(head.header());
        json.set("number", RpcHex.quantity(head.number() + 1));
        json.set("parentHash", RpcHex.data(head.hash()));
        json.set("gasUsed", RpcHex.quantity(0));
        json.set("gasLimit", RpcHex.quantity(next.gasLimit()));
        json.set("timestamp", RpcHex.quantity(nextTimestamp.getAsLong()));
        head.header().baseFee().ifPresent(fee -> json.set("baseFeePerGas", RpcHex.quantity(next.baseFee())));
        json.putNull("hash").put("nonce", "0x" + "00".repeat(NONCE_BYTES));
        json.put("size", "0x0").putArray("uncles");
        if (head.header().withdrawalsRoot().isPresent()) {
            json.putArray("withdrawals");
        }
        ArrayNode list = json.putArray("transactions");
        for (List<PooledTransaction> run : pool.pending().values()) {
            for (PooledTransaction held : run) {
                if (full) {
                    list.add(transactions.pending(held.transaction(), held.sender()));
                } else {
                    list.add(held.hash().toHex());
                }
            }
        }
        return json;
    }

    private JsonNode blockReceipts(RpcParameters parameters) {
        Optional<ChainView.Located> block = chain.find(parameters.requiredBlock(0));
        return Json.orNull(
                block, located -> receipts.all(located, chain.body(located).transactions(), chain.receipts(located)));
    }

    private RpcMethod count(Function<RpcParameters, BlockReference> reference, ToIntFunction<BlockBody> count) {
        return parameters -> {
            BlockReference asked = reference.apply(parameters);
            return Json.orNull(chain.find(asked), block -> RpcHex.quantity(count.applyAsInt(chain.body(block))));
        };
    }

    private JsonNode uncle(BlockReference reference, RpcParameters parameters) {
        int index = parameters.index(1, "index");
        Optional<ChainView.Located> block = chain.find(reference);
        return Json.orNull(
                block.map(chain::body)
                        .filter(body -> index < body.ommers().size())
                        .map(body -> body.ommers().get(index)),
                blocks::uncle);
    }
}
