package io.engram.client.pool;

import static io.engram.client.pool.PoolFixture.fields;
import static io.engram.client.pool.PoolFixture.key;
import static io.engram.client.pool.PoolFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionPoolTest {

    private static final PoolLimits SMALL = new PoolLimits(6, 4, 16, 128 * 1_024, 10);

    private final PoolFixture fixture = new PoolFixture(SMALL);
    private final TransactionPool pool = fixture.pool;

    @BeforeEach
    void fund() {
        for (int key = 1; key <= 8; key++) {
            fixture.fund(key, 0, Wei.ofEther(1));
        }
    }

    private void accepted(Transaction transaction) {
        assertThat(pool.add(transaction)).isInstanceOf(AddResult.Added.class);
    }

    private void refused(Transaction transaction, Refusal.Reason reason) {
        assertThat(pool.add(transaction))
                .isInstanceOfSatisfying(
                        AddResult.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
    }

    private List<Hash> order() {
        List<Hash> hashes = new ArrayList<>();
        TransactionSelection selection = pool.select(PoolFixture.BASE_FEE);
        while (selection.peek().isPresent()) {
            hashes.add(selection.peek().get().hash());
            selection.take();
        }
        return hashes;
    }

    @Test
    void blocksTakeTheHighestTipFirstAndEachSenderInNonceOrder() {
        Transaction low = transaction(1, 0, 1);
        Transaction lowThenHigh = transaction(1, 1, 90);
        Transaction middle = transaction(2, 0, 50);
        List.of(lowThenHigh, low, middle).forEach(this::accepted);
        assertThat(order()).containsExactly(middle.hash(), low.hash(), lowThenHigh.hash());
    }

    @Test
    void amongEqualTipsTheEarlierArrivalIsFirst() {
        Transaction first = transaction(2, 0, 5);
        Transaction second = transaction(1, 0, 5);
        accepted(first);
        accepted(second);
        assertThat(order()).containsExactly(first.hash(), second.hash());
    }

    @Test
    void aTransactionAfterAGapWaitsUntilTheGapIsFilled() {
        accepted(transaction(1, 2, 5));
        assertThat(pool.pending()).isEmpty();
        assertThat(pool.queued()).hasSize(1);
        assertThat(pool.nextNonce(key(1).address())).isZero();
        accepted(transaction(1, 0, 5));
        assertThat(pool.nextNonce(key(1).address())).isEqualTo(1);
        accepted(transaction(1, 1, 5));
        assertThat(pool.nextNonce(key(1).address())).isEqualTo(3);
        assertThat(order()).hasSize(3);
    }

    @Test
    void aReplacementMustRaiseBothFeesByATenth() {
        Transaction held = fields(0, 100).fees(Wei.of(1_000), Wei.of(100)).sign(key(1));
        accepted(held);
        refused(held, Refusal.Reason.ALREADY_KNOWN);
        refused(fields(0, 0).fees(Wei.of(1_100), Wei.of(109)).sign(key(1)), Refusal.Reason.REPLACEMENT_UNDERPRICED);
        refused(fields(0, 0).fees(Wei.of(1_099), Wei.of(110)).sign(key(1)), Refusal.Reason.REPLACEMENT_UNDERPRICED);
        Transaction better = fields(0, 0).fees(Wei.of(1_100), Wei.of(110)).sign(key(1));
        assertThat(pool.add(better))
                .isInstanceOfSatisfying(
                        AddResult.Added.class,
                        added -> assertThat(added.replaced()).isEqualTo(Optional.of(held.hash())));
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    void aNewHeadDropsWhatIsMinedAndWhatCannotBePaid() {
        accepted(transaction(1, 0, 5));
        accepted(transaction(1, 1, 5));
        accepted(transaction(2, 0, 5));
        fixture.fund(1, 1, Wei.ofEther(1));
        fixture.fund(2, 0, Wei.of(1));
        pool.onHead(fixture.head());
        assertThat(pool.size()).isEqualTo(1);
        assertThat(order()).containsExactly(transaction(1, 1, 5).hash());
    }

    @Test
    void anEarlierHeadMakesTransactionsWaitAgain() {
        fixture.fund(1, 3, Wei.ofEther(1));
        pool.onHead(fixture.head());
        accepted(transaction(1, 3, 5));
        fixture.fund(1, 2, Wei.ofEther(1));
        pool.onHead(fixture.head());
        assertThat(pool.pending()).isEmpty();
        assertThat(pool.queued()).hasSize(1);
    }

    @Test
    void aFullPoolPrefersTheBetterTip() {
        for (int key = 1; key <= 6; key++) {
            accepted(transaction(key, 0, 10 + key));
        }
        refused(transaction(7, 0, 5), Refusal.Reason.POOL_FULL);
        accepted(transaction(8, 0, 50));
        assertThat(pool.size()).isEqualTo(6);
        assertThat(pool.transaction(transaction(1, 0, 11).hash())).isEmpty();
    }

    @Test
    void oneSenderHasItsShareOnly() {
        for (int nonce = 0; nonce < 4; nonce++) {
            accepted(transaction(1, nonce, 5));
        }
        refused(transaction(1, 4, 50), Refusal.Reason.SENDER_LIMIT);
    }

    @Test
    void everyStatelessFaultHasItsReason() {
        refused(fields(0, 5).chainId(1).sign(key(1)), Refusal.Reason.WRONG_CHAIN_ID);
        refused(fields(0, 5).gasLimit(20_999).sign(key(1)), Refusal.Reason.INTRINSIC_GAS_TOO_LOW);
        refused(fields(0, 5).gasLimit((1 << 24) + 1).sign(key(1)), Refusal.Reason.GAS_LIMIT_TOO_HIGH);
        refused(fields(0, 5).fees(Wei.of(5), Wei.of(6)).sign(key(1)), Refusal.Reason.TIP_ABOVE_FEE_CAP);
        refused(
                fields(0, 5)
                        .data(Bytes.repeat((byte) 1, 128 * 1_024))
                        .gasLimit(16_000_000)
                        .sign(key(1)),
                Refusal.Reason.TOO_LARGE);
        refused(
                UnsignedTransaction.of(TransactionType.BLOB)
                        .chainId(PoolFixture.CHAIN)
                        .to(key(1).address())
                        .gasLimit(21_000)
                        .blobs(Wei.of(1), List.of(Hash.ZERO))
                        .sign(key(1)),
                Refusal.Reason.BLOBS_NOT_SUPPORTED);
        assertThat(pool.addRaw(Bytes.fromHexString("0x0102"))).isInstanceOf(AddResult.Refused.class);
        assertThat(pool.size()).isZero();
    }

    @Test
    void everyFaultAgainstTheStateHasItsReason() {
        fixture.fund(1, 5, Wei.of(1_000_000));
        pool.onHead(fixture.head());
        refused(transaction(1, 4, 5), Refusal.Reason.NONCE_TOO_LOW);
        refused(transaction(1, 22, 5), Refusal.Reason.NONCE_TOO_HIGH);
        refused(transaction(1, 5, 5), Refusal.Reason.INSUFFICIENT_FUNDS);
    }

    @Test
    void listenersHearOfAdditionsOnly() {
        List<Hash> heard = new ArrayList<>();
        pool.onAdded(added -> heard.add(added.hash()));
        accepted(transaction(1, 0, 5));
        refused(transaction(1, 0, 5), Refusal.Reason.ALREADY_KNOWN);
        assertThat(heard).containsExactly(transaction(1, 0, 5).hash());
    }

    @Test
    void theNeedForInferenceGasIsForgottenWithTheTransaction() {
        Transaction held = transaction(1, 0, 5);
        accepted(held);
        pool.noteInferenceGas(held.hash(), 7);
        pool.noteInferenceGas(held.hash(), 5);
        assertThat(pool.inferenceGasFloor(held.hash())).isEqualTo(7);
        pool.remove(held.hash());
        assertThat(pool.inferenceGasFloor(held.hash())).isZero();
    }

    /** Whatever is added, replaced, mined and dropped: limits hold, and a block's order never skips a nonce. */
    @Test
    void limitsAndNonceOrderHoldUnderAnyTraffic() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long[] nonces = new long[9];
        for (int step = 0; step < 2_000; step++) {
            int sender = 1 + random.nextInt(8);
            if (random.nextInt(10) == 0) {
                nonces[sender] = Math.max(0, nonces[sender] + random.nextInt(4) - 1);
                fixture.fund(sender, nonces[sender], Wei.ofEther(1));
                pool.onHead(fixture.head());
            } else {
                pool.add(transaction(sender, nonces[sender] + random.nextInt(5), random.nextInt(200)));
            }
            assertThat(pool.size()).as("seed %d", seed).isLessThanOrEqualTo(SMALL.transactions());
            pool.pending().forEach((address, run) -> {
                long next = fixture.account(address).orElseThrow().nonce();
                for (PooledTransaction transaction : run) {
                    assertThat(transaction.nonce()).as("seed %d", seed).isEqualTo(next++);
                }
            });
            int listed = pool.pending().values().stream().mapToInt(List::size).sum()
                    + pool.queued().values().stream().mapToInt(List::size).sum();
            assertThat(listed).as("seed %d", seed).isEqualTo(pool.size());
        }
    }

    @Test
    void aGasLimitOf2ToThe63AndMoreIsRefusedWhateverTheSenderHas() {
        fixture.fund(1, 0, Wei.of(UInt256.MAX_VALUE));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            long limit = i == 0 ? Long.MIN_VALUE : random.nextLong() | Long.MIN_VALUE;
            assertThat(pool.add(fields(0, 5).gasLimit(limit).sign(key(1))))
                    .as("seed %d, gas limit %s", seed, Long.toUnsignedString(limit))
                    .isInstanceOfSatisfying(AddResult.Refused.class, refused -> {
                        assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.GAS_LIMIT_TOO_HIGH);
                        assertThat(refused.refusal().toString()).contains(Long.toUnsignedString(limit));
                    });
        }
    }
}
