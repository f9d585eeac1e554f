package io.engram.client.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.engram.client.chain.Blockchain;
import io.engram.client.consensus.BlockProducer;
import io.engram.client.pool.TransactionPool;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcValues;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.List;
import java.util.Optional;

/** Blocks and time at will: evm_mine, evm_increaseTime, evm_snapshot and what anvil and hardhat add. */
final class MiningMethods {

    /** Blocks that one call may make. */
    static final long MAX_BLOCKS = 100_000;

    private final Blockchain chain;
    private final BlockProducer producer;
    private final TransactionPool pool;
    private final DevTime time;
    private final NextBlock nextBlock;
    private final long firstBlock;
    private final Snapshots snapshots = new Snapshots();

    /** @param firstBlock where a reset goes back to: the head when the network was ready */
    MiningMethods(
            Blockchain chain,
            BlockProducer producer,
            TransactionPool pool,
            DevTime time,
            NextBlock nextBlock,
            long firstBlock) {
        this.chain = chain;
        this.producer = producer;
        this.pool = pool;
        this.time = time;
        this.nextBlock = nextBlock;
        this.firstBlock = firstBlock;
    }

    void register(RpcRegistry registry) {
        registry.execution("evm_mine", this::evmMine)
                .execution("evm_snapshot", parameters -> snapshot())
                .execution("evm_revert", this::revert)
                .execution("evm_increaseTime", this::increaseTime)
                .execution("evm_setNextBlockTimestamp", this::setNextTimestamp)
                .execution("evm_setTime", this::setTime)
                .execution("evm_setAutomine", this::setAutomine)
                .execution("evm_setIntervalMining", parameters -> setInterval(parameters, 1))
                .execution("evm_setBlockGasLimit", this::setGasLimit)
                .execution("anvil_snapshot", parameters -> snapshot())
                .execution("anvil_revert", this::revert)
                .execution("anvil_increaseTime", this::increaseTime)
                .execution("anvil_setNextBlockTimestamp", this::setNextTimestamp)
                .execution("anvil_setTime", this::setTime)
                .execution("anvil_setAutoMine", this::setAutomine)
                .execution("anvil_setIntervalMining", parameters -> setInterval(parameters, 1_000))
                .execution("anvil_setBlockGasLimit", this::setGasLimit);
        for (String namespace : List.of("anvil_", "hardhat_")) {
            registry.execution(namespace + "mine", this::mineMany)
                    .execution(namespace + "reset", parameters -> reset())
                    .execution(namespace + "setCoinbase", parameters -> {
                        nextBlock.setCoinbase(parameters.address(0, "coinbase"));
                        return Json.bool(true);
                    })
                    .execution(namespace + "setNextBlockBaseFeePerGas", parameters -> {
                        nextBlock.setBaseFee(Wei.of(
                                RpcValues.lenientQuantity(parameters.required(0, "baseFeePerGas"), "baseFeePerGas")));
                        return Json.bool(true);
                    })
                    .execution(namespace + "setPrevRandao", parameters -> {
                        nextBlock.setRandomness(
                                Hash.of(parameters.slot(0, "prevRandao").toBytes()));
                        return Json.bool(true);
                    })
                    .execution(namespace + "dropTransaction", this::dropTransaction)
                    .cheap(namespace + "getAutomine", parameters -> Json.bool(isAutomine()));
        }
        registry.cheap("evm_getAutomine", parameters -> Json.bool(isAutomine()))
                .cheap("anvil_getAutoMine", parameters -> Json.bool(isAutomine()))
                .execution("anvil_dropAllTransactions", parameters -> {
                    pool.clear();
                    return Json.none();
                });
    }

    private boolean isAutomine() {
        return producer.mode() instanceof BlockProducer.Mode.Instant;
    }

    private void mineOne() {
        producer.produce(producer.nextTimestamp());
    }

    /** evm_mine [timestamp] or [{blocks, timestamp}]. */
    private JsonNode evmMine(RpcParameters parameters) {
        Optional<JsonNode> option = parameters.optional(0);
        long blocks = 1;
        Optional<JsonNode> timestamp = option;
        if (option.isPresent() && option.get().isObject()) {
            timestamp = RpcValues.member(option.get(), "timestamp");
            blocks = RpcValues.member(option.get(), "blocks")
                    .map(count -> blocks(count, "blocks"))
                    .orElse(1L);
        }
        timestamp.ifPresent(value -> time.setNext(checkedNext(value)));
        for (long i = 0; i < blocks; i++) {
            mineOne();
        }
        return Json.text("0x0");
    }

    /** hardhat_mine [count, interval in seconds]. */
    private JsonNode mineMany(RpcParameters parameters) {
        long count =
                parameters.optional(0).map(value -> blocks(value, "blocks")).orElse(1L);
        long interval = parameters
                .optional(1)
                .map(value -> RpcValues.lenientLong(value, "interval"))
                .orElse(1L);
        if (interval > DevTime.MAX_TIMESTAMP) {
            throw RpcException.invalidParameter("interval", "too large");
        }
        for (long i = 0; i < count; i++) {
            if (i > 0) {
                time.setNext(chain.head().header().timestamp() + Math.max(1, interval));
            }
            mineOne();
        }
        return Json.bool(true);
    }

    private static long blocks(JsonNode value, String name) {
        long count = RpcValues.lenientLong(value, name);
        if (count > MAX_BLOCKS) {
            throw new RpcException(RpcErrorCode.LIMIT_EXCEEDED, count + " blocks in one call, limit " + MAX_BLOCKS);
        }
        return count;
    }

    private JsonNode snapshot() {
        long[] id = new long[1];
        producer.whilePaused(() ->
                id[0] = snapshots.take(new Snapshots.Point(chain.head().number(), time.offset(), nextBlock.set())));
        return RpcHex.quantity(id[0]);
    }

    private JsonNode revert(RpcParameters parameters) {
        long id = RpcValues.lenientLong(parameters.required(0, "snapshotId"), "snapshotId");
        Optional<Snapshots.Point> point = snapshots.use(id);
        if (point.isEmpty()) {
            return Json.bool(false);
        }
        goBack(point.get().blockNumber());
        time.setOffset(point.get().timeOffset());
        nextBlock.restore(point.get().overrides());
        return Json.bool(true);
    }

    private JsonNode reset() {
        goBack(firstBlock);
        time.setOffset(0);
        nextBlock.clear();
        snapshots.clear();
        return Json.bool(true);
    }

    private void goBack(long blockNumber) {
        producer.whilePaused(() -> {
            pool.clear();
            if (chain.head().number() > blockNumber) {
                chain.rewind(blockNumber);
            }
        });
    }

    private JsonNode increaseTime(RpcParameters parameters) {
        long by = RpcValues.lenientLong(parameters.required(0, "seconds"), "seconds");
        if (by > DevTime.MAX_TIMESTAMP) {
            throw RpcException.invalidParameter("seconds", "too large");
        }
        return LongNode.valueOf(time.increase(by));
    }

    private JsonNode setNextTimestamp(RpcParameters parameters) {
        long timestamp = checkedNext(parameters.required(0, "timestamp"));
        time.setNext(timestamp);
        return LongNode.valueOf(timestamp);
    }

    private long checkedNext(JsonNode value) {
        long timestamp = RpcValues.lenientLong(value, "timestamp");
        long head = chain.head().header().timestamp();
        if (timestamp <= head || timestamp > DevTime.MAX_TIMESTAMP) {
            throw RpcException.invalidParameter(
                    "timestamp",
                    timestamp + " is lower than or equal to the previous block's " + head + ", or too large");
        }
        return timestamp;
    }

    private JsonNode setTime(RpcParameters parameters) {
        long timestamp = RpcValues.lenientLong(parameters.required(0, "timestamp"), "timestamp");
        if (timestamp > DevTime.MAX_TIMESTAMP) {
            throw RpcException.invalidParameter("timestamp", "too large");
        }
        time.setTime(timestamp);
        return LongNode.valueOf(time.offset());
    }

    private JsonNode setAutomine(RpcParameters parameters) {
        boolean on = RpcValues.flag(parameters.required(0, "enabled"), "enabled");
        producer.start(on ? new BlockProducer.Mode.Instant() : new BlockProducer.Mode.OnDemand());
        return Json.bool(true);
    }

    private JsonNode setInterval(RpcParameters parameters, long unitMillis) {
        JsonNode value = parameters.required(0, "interval");
        JsonNode number = value.isArray() && value.size() == 2 ? value.get(0) : value;
        long interval = RpcValues.lenientLong(number, "interval");
        if (interval > DevTime.MAX_TIMESTAMP) {
            throw RpcException.invalidParameter("interval", "too large");
        }
        long millis = interval * unitMillis;
        producer.start(
                millis == 0 ? new BlockProducer.Mode.OnDemand() : new BlockProducer.Mode.Periodic(millis, millis));
        return Json.bool(true);
    }

    private JsonNode setGasLimit(RpcParameters parameters) {
        nextBlock.setGasLimit(RpcValues.lenientLong(parameters.required(0, "gasLimit"), "gasLimit"));
        return Json.bool(true);
    }

    private JsonNode dropTransaction(RpcParameters parameters) {
        return Json.bool(pool.remove(parameters.hash(0, "transactionHash")));
    }
}
