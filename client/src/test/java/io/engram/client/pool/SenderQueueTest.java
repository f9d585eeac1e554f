package io.engram.client.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.state.Account;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SenderQueueTest {

    private static final int SEEDS = 2_000;
    private static final int STEPS = 40;
    private static final int NONCES = 12;

    /** The run of executable nonces, found anew after each step, is the oracle of the one that the queue keeps. */
    @Test
    void theKeptRunIsTheOneThatAScanFinds() {
        List<PooledTransaction> pooled = new ArrayList<>();
        for (int nonce = 0; nonce < NONCES; nonce++) {
            Transaction transaction = PoolFixture.transaction(1, nonce, 1);
            pooled.add(new PooledTransaction(transaction, transaction.hash(), Address.ZERO, nonce, 100));
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            long accountNonce = random.nextInt(NONCES);
            SenderQueue queue = new SenderQueue(account(accountNonce));
            TreeMap<Long, PooledTransaction> held = new TreeMap<>();
            for (int step = 0; step < STEPS; step++) {
                int nonce = random.nextInt(NONCES);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        queue.remove(nonce);
                        held.remove((long) nonce);
                    }
                    case 1 -> {
                        accountNonce = nonce;
                        List<PooledTransaction> past =
                                List.copyOf(held.headMap(accountNonce).values());
                        assertThat(queue.advanceTo(account(accountNonce)))
                                .as("seed %d", seed)
                                .isEqualTo(past);
                        held.headMap(accountNonce).clear();
                    }
                    default -> {
                        if (nonce >= accountNonce) {
                            queue.put(pooled.get(nonce));
                            held.put((long) nonce, pooled.get(nonce));
                        }
                    }
                }
                List<PooledTransaction> run = new ArrayList<>();
                long next = accountNonce;
                while (held.containsKey(next)) {
                    run.add(held.get(next++));
                }
                assertThat(queue.pending()).as("seed %d", seed).isEqualTo(run);
                assertThat(queue.nextNonce()).as("seed %d", seed).isEqualTo(next);
                assertThat(queue.size()).as("seed %d", seed).isEqualTo(held.size());
            }
        }
    }

    private static Account account(long nonce) {
        return new Account(nonce, Wei.ZERO, Hash.EMPTY_CODE);
    }
}
