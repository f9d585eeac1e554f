package io.engram.client.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockProducerTest {

    private static final SigningKey KEY = SigningKey.of(1);
    private static final ValidatorSet ALONE = new ValidatorSet(List.of(KEY.address()));
    private static final long START = 1_000;

    /** A chain whose transactions are a count: every block is made of headers alone. */
    private static final class CountingChain implements ProposalSource {

        private final List<BlockHeader> blocks =
                new ArrayList<>(List.of(QbftHeaders.header(0, START, KEY.address(), ALONE)));
        private final List<Integer> sizes = new ArrayList<>();
        private int waiting;
        private boolean faulty;

        @Override
        public BlockHeader head() {
            return blocks.getLast();
        }

        @Override
        public ValidatorSet validators() {
            return ALONE;
        }

        @Override
        public boolean hasWork() {
            return waiting > 0;
        }

        @Override
        public Proposal propose(Address coinbase, long timestamp, int maxTransactions) {
            if (faulty) {
                throw new LocalFaultException("device lost");
            }
            int taken = Math.min(waiting, maxTransactions);
            waiting -= taken;
            BlockHeader header = QbftHeaders.header(head().number() + 1, timestamp, coinbase, ALONE);
            Block block = QbftHeaders.block(header, taken);
            sizes.add(taken);
            return () -> block;
        }

        @Override
        public void commit(Proposal proposal, Block sealed) {
            assertThat(QbftHeaderRules.check(
                            sealed.header(),
                            head(),
                            new QbftHeaderRules.Expected(ALONE, false, 1),
                            new RecoveredSignatures()))
                    .isEmpty();
            blocks.add(sealed.header());
        }
    }

    private final CountingChain chain = new CountingChain();
    private final VirtualClock clock = new VirtualClock(START * 1_000);
    private final List<LocalFaultException> faults = new ArrayList<>();
    private final BlockProducer producer = new BlockProducer(chain, new BlockSealer(KEY), clock, () -> 0, faults::add);

    private List<Long> timestamps() {
        return chain.blocks.stream().map(BlockHeader::timestamp).toList();
    }

    @Test
    void emptyBlocksComeAtTheEmptyPeriodOnly() {
        producer.start(new BlockProducer.Mode.Periodic(2_000, 6_000));
        clock.advance(18_000);
        assertThat(timestamps()).containsExactly(START, START + 6, START + 12, START + 18);
    }

    @Test
    void aTransactionEndsTheWaitAtTheNextPeriod() {
        producer.start(new BlockProducer.Mode.Periodic(2_000, 10_000));
        clock.advance(3_000);
        chain.waiting = 3;
        clock.advance(3_000);
        assertThat(timestamps()).containsExactly(START, START + 4);
        assertThat(chain.sizes).containsExactly(3);
    }

    @Test
    void inInstantModeEachTransactionGetsABlockOfItsOwn() {
        producer.start(new BlockProducer.Mode.Instant());
        clock.advance(1);
        assertThat(chain.blocks).hasSize(1);
        chain.waiting = 3;
        producer.onTransaction();
        clock.advance(1);
        assertThat(chain.sizes).containsExactly(1, 1, 1);
        assertThat(timestamps()).containsExactly(START, START + 1, START + 2, START + 3);
    }

    @Test
    void anUnfaultyPeriodMakesABlockEachPeriod() {
        producer.start(new BlockProducer.Mode.Periodic(1_000, 1_000));
        clock.advance(5_000);
        assertThat(timestamps()).hasSize(6).endsWith(START + 5);
    }

    @Test
    void onDemandBlocksAreMadeEvenEmpty() {
        Block block = producer.produce(producer.nextTimestamp());
        assertThat(block.header().number()).isEqualTo(1);
        assertThat(block.header().timestamp()).isEqualTo(START + 1);
    }

    @Test
    void aLocalFaultEndsProductionAndIsReported() {
        producer.start(new BlockProducer.Mode.Periodic(1_000, 1_000));
        clock.advance(2_000);
        chain.faulty = true;
        clock.advance(5_000);
        chain.faulty = false;
        clock.advance(5_000);
        assertThat(chain.blocks).hasSize(3);
        assertThat(faults).singleElement().satisfies(fault -> assertThat(fault).hasMessage("device lost"));
    }

    @Test
    void afterAStopNothingIsMade() {
        producer.start(new BlockProducer.Mode.Periodic(1_000, 1_000));
        producer.stop();
        clock.advance(5_000);
        assertThat(chain.blocks).hasSize(1);
    }
}
