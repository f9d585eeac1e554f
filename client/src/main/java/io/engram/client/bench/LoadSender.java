package io.engram.client.bench;

import io.engram.client.network.NodeClient;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Wei;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Sends transactions of many accounts to the nodes of a network, always so many ahead of the blocks. Used by one thread. */
final class LoadSender {

    /** Transactions of one request. */
    private static final int BATCH = 25;

    private static final long PAUSE_MILLIS = 5;

    private final List<RpcAccount> accounts;
    private final List<RpcClient> nodes;
    private long sent;

    /** @param accounts each of which sends to one node, so that its transactions arrive in order */
    LoadSender(List<RpcAccount> accounts, List<NodeClient> nodes) {
        this.accounts = List.copyOf(accounts);
        this.nodes = nodes.stream().map(NodeClient::rpc).toList();
    }

    /** Transactions sent so far. */
    long sent() {
        return sent;
    }

    /**
     * Sends until the time is up.
     *
     * @param gas limit of each transaction
     * @param included how many are in blocks
     * @param ahead how many may be on their way
     */
    void run(LoadSource source, long gas, Wei price, LongSupplier included, int ahead, long untilNanos)
            throws IOException, InterruptedException {
        for (int turn = 0; System.nanoTime() < untilNanos; turn = (turn + 1) % accounts.size()) {
            while (sent - included.getAsLong() > ahead - BATCH) {
                if (System.nanoTime() >= untilNanos) {
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            List<String> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                batch.add(accounts.get(turn)
                        .sign(source.next(), gas, price)
                        .encoded()
                        .toHexString());
            }
            nodes.get(turn % nodes.size()).callEach("eth_sendRawTransaction", batch);
            sent += BATCH;
        }
    }
}
