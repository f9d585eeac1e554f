package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import java.util.ArrayList;
import java.util.List;

/** Finds logs by walking blocks whose bloom admits them. */
final class LogSearch {

    private final ChainView chain;
    private final int maxRange;

    /** @param maxRange blocks that one query may span */
    LogSearch(ChainView chain, int maxRange) {
        this.chain = chain;
        this.maxRange = maxRange;
    }

    ArrayNode search(LogFilter filter) {
        ArrayNode found = Json.array();
        if (filter.blockHash().isPresent()) {
            addLogs(
                    found,
                    chain.require(new BlockReference.ByHash(filter.blockHash().get(), false)),
                    filter);
            return found;
        }
        long head = chain.head().number();
        long from = number(filter.from().orElse(BlockReference.Tag.LATEST), head);
        long to = number(filter.to().orElse(BlockReference.Tag.LATEST), head);
        if (from > to) {
            throw RpcException.invalidParameter("filter", "fromBlock is after toBlock");
        }
        return range(filter, from, Math.min(to, head));
    }

    ArrayNode range(LogFilter filter, long from, long to) {
        if (to - from >= maxRange) {
            throw new RpcException(
                    RpcErrorCode.LIMIT_EXCEEDED,
                    "query spans " + (to - from + 1) + " blocks, limit " + maxRange + " (--rpc-max-logs-range)");
        }
        ArrayNode found = Json.array();
        for (long number = from; number <= to; number++) {
            chain.find(new BlockReference.ByNumber(number)).ifPresent(block -> addLogs(found, block, filter));
        }
        return found;
    }

    private long number(BlockReference reference, long head) {
        return switch (reference) {
            case BlockReference.ByNumber number -> number.number();
            case BlockReference.Tag tag -> tag == BlockReference.Tag.EARLIEST ? 0 : head;
            case BlockReference.ByHash hash -> chain.require(hash).number();
        };
    }

    private void addLogs(ArrayNode found, ChainView.Located block, LogFilter filter) {
        if (LogBloom.admits(block.header().logsBloom(), filter)) {
            List<JsonNode> logs = matching(block, chain.body(block).transactions(), chain.receipts(block), filter);
            if (found.size() + logs.size() > RpcLimits.LOG_RESULTS) {
                throw new RpcException(
                        RpcErrorCode.LIMIT_EXCEEDED,
                        "query returns more than " + RpcLimits.LOG_RESULTS + " logs; narrow the block range to end at "
                                + (block.number() - 1));
            }
            found.addAll(logs);
        }
    }

    static List<JsonNode> matching(
            ChainView.Located block, List<Transaction> transactions, List<Receipt> receipts, LogFilter filter) {
        List<JsonNode> matches = new ArrayList<>();
        int logIndex = 0;
        for (int i = 0; i < receipts.size(); i++) {
            Hash hash = transactions.get(i).hash();
            for (Log log : receipts.get(i).logs()) {
                if (filter.matches(log)) {
                    matches.add(ReceiptView.log(log, block, hash, i, logIndex));
                }
                logIndex++;
            }
        }
        return matches;
    }
}
