package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.genesis.Hash;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** eth_getLogs and the filters that are polled. Filters that nobody asks for are forgotten. */
public final class FilterMethods {

    private sealed interface Filter {
        record Logs(LogFilter filter) implements Filter {}

        record Blocks() implements Filter {}

        record PendingTransactions() implements Filter {}
    }

    /** A filter with what it has delivered; guarded by the map's lock. */
    private static final class Installed {
        private final Filter filter;
        private long nextBlock;
        private long lastAsked;
        private List<Hash> newTransactions = new ArrayList<>();

        Installed(Filter filter, long nextBlock, long now) {
            this.filter = filter;
            this.nextBlock = nextBlock;
            this.lastAsked = now;
        }
    }

    private static final int MAX_HELD_HASHES = 10_000;

    private final ChainView chain;
    private final LogSearch logs;
    private final LongSupplier seconds;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Installed> filters = new HashMap<>();

    /** @param seconds a clock that only goes forward */
    FilterMethods(ChainView chain, TransactionPool pool, LogSearch logs, LongSupplier seconds) {
        this.chain = chain;
        this.logs = logs;
        this.seconds = seconds;
        pool.onAdded(this::onPending);
    }

    void register(RpcRegistry registry) {
        registry.execution("eth_getLogs", parameters -> logs.search(filterAt(parameters)))
                .cheap("eth_newFilter", parameters -> install(new Filter.Logs(filterAt(parameters))))
                .cheap("eth_newBlockFilter", parameters -> install(new Filter.Blocks()))
                .cheap("eth_newPendingTransactionFilter", parameters -> install(new Filter.PendingTransactions()))
                .execution("eth_getFilterChanges", this::changes)
                .execution("eth_getFilterLogs", this::allLogs)
                .cheap("eth_uninstallFilter", this::uninstall);
    }

    private static LogFilter filterAt(RpcParameters parameters) {
        return LogFilter.parse(parameters.required(0, "filter"), "filter");
    }

    private void onPending(PooledTransaction transaction) {
        synchronized (filters) {
            for (Installed installed : filters.values()) {
                if (installed.filter instanceof Filter.PendingTransactions
                        && installed.newTransactions.size() < MAX_HELD_HASHES) {
                    installed.newTransactions.add(transaction.hash());
                }
            }
        }
    }

    private JsonNode install(Filter filter) {
        long now = seconds.getAsLong();
        synchronized (filters) {
            filters.values().removeIf(installed -> now - installed.lastAsked > RpcLimits.FILTER_SECONDS);
            if (filters.size() >= RpcLimits.FILTERS) {
                throw new RpcException(
                        RpcErrorCode.LIMIT_EXCEEDED, "limit of " + RpcLimits.FILTERS + " filters reached");
            }
            String id = "0x" + Long.toHexString(random.nextLong() | Long.MIN_VALUE);
            filters.put(id, new Installed(filter, chain.head().number() + 1, now));
            return Json.text(id);
        }
    }

    private JsonNode uninstall(RpcParameters parameters) {
        String id = parameters.text(0, "filterId");
        synchronized (filters) {
            return Json.bool(filters.remove(id) != null);
        }
    }

    private Installed asked(RpcParameters parameters) {
        String id = parameters.text(0, "filterId");
        Installed installed = filters.get(id);
        if (installed == null) {
            throw new RpcException(RpcErrorCode.FILTER_NOT_FOUND);
        }
        installed.lastAsked = seconds.getAsLong();
        return installed;
    }

    private JsonNode changes(RpcParameters parameters) {
        Filter filter;
        long from;
        long to;
        synchronized (filters) {
            Installed installed = asked(parameters);
            if (installed.filter instanceof Filter.PendingTransactions) {
                List<Hash> hashes = installed.newTransactions;
                installed.newTransactions = new ArrayList<>();
                return Json.array(hashes, RpcHex::data);
            }
            filter = installed.filter;
            to = chain.head().number();
            // After a rewind the blocks that took the place of the removed ones are new.
            from = Math.min(installed.nextBlock, to + 1);
            installed.nextBlock = to + 1;
        }
        return filter instanceof Filter.Logs wanted ? newLogs(wanted.filter(), from, to) : blockHashes(from, to);
    }

    private ArrayNode newLogs(LogFilter filter, long from, long to) {
        long head = chain.head().number();
        long first = Math.max(from, filter.from().map(block -> number(block, 0)).orElse(0L));
        long last = Math.min(to, filter.to().map(block -> number(block, head)).orElse(Long.MAX_VALUE));
        return first > last ? Json.array() : logs.range(filter, first, last);
    }

    private long number(BlockReference reference, long otherwise) {
        return reference instanceof BlockReference.ByNumber number ? number.number() : otherwise;
    }

    private ArrayNode blockHashes(long from, long to) {
        ArrayNode hashes = Json.array();
        for (long number = from; number <= to; number++) {
            chain.store().canonicalHash(number).ifPresent(hash -> hashes.add(hash.toHex()));
        }
        return hashes;
    }

    private JsonNode allLogs(RpcParameters parameters) {
        LogFilter filter;
        synchronized (filters) {
            if (!(asked(parameters).filter instanceof Filter.Logs wanted)) {
                throw new RpcException(RpcErrorCode.FILTER_NOT_FOUND, "filter not found: not a log filter");
            }
            filter = wanted.filter();
        }
        return logs.search(filter);
    }
}
