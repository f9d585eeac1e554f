package io.engram.client.consensus.validator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.chain.HeaderCopy;
import io.engram.client.consensus.ChainHeaders;
import io.engram.client.consensus.QbftHeaders;
import io.engram.client.consensus.ValidatorSet;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraData.Vote;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HeaderValidatorsTest {

    private static final long EPOCH = 10;
    private static final Address A = Address.ofWord(0, 0, 0xa);
    private static final Address B = Address.ofWord(0, 0, 0xb);
    private static final Address C = Address.ofWord(0, 0, 0xc);
    private static final Address D = Address.ofWord(0, 0, 0xd);
    private static final Address CONTRACT = Address.ofWord(0, 0, 0x7777);

    private final Map<Hash, BlockHeader> headers = new HashMap<>();
    private final List<BlockHeader> chain = new ArrayList<>();
    private final ChainHeaders stored = new ChainHeaders() {
        @Override
        public Optional<BlockHeader> header(Hash hash) {
            return Optional.ofNullable(headers.get(hash));
        }

        @Override
        public Optional<Hash> canonicalHash(long number) {
            return Optional.of(QbftHasher.INSTANCE.hash(chain.get((int) number)));
        }
    };
    private HeaderValidators validators = provider(List.of());

    private HeaderValidators provider(List<QbftConfig.Transition> transitions) {
        QbftConfig config = new QbftConfig(
                1,
                0,
                0,
                1,
                EPOCH,
                Optional.empty(),
                Wei.ZERO,
                Optional.empty(),
                QbftConfig.MessageLimits.DEFAULT,
                transitions);
        return new HeaderValidators(config, stored, (contract, block) -> List.of(D, A));
    }

    private void genesis(Address... listed) {
        add(QbftHeaders.header(0, 1, Address.ZERO, new ValidatorSet(List.of(listed))));
    }

    private void add(BlockHeader header) {
        chain.add(header);
        headers.put(QbftHasher.INSTANCE.hash(header), header);
    }

    /** A block that lists whom the provider names, as the header rules demand. */
    private void block(Address proposer, Optional<Vote> vote) {
        BlockHeader parent = chain.getLast();
        List<Address> listed = validators.after(parent).addresses();
        BlockHeader plain =
                QbftHeaders.header(parent.number() + 1, parent.timestamp() + 1, proposer, new ValidatorSet(listed));
        BlockHeader header = plain.withExtraData(
                QbftExtraDataCodec.encode(new QbftExtraData(Hash.ZERO, listed, vote, 0, List.of())));
        add(withParent(header, QbftHasher.INSTANCE.hash(parent)));
    }

    private static BlockHeader withParent(BlockHeader header, Hash parent) {
        return HeaderCopy.of(header).parentHash(parent).build();
    }

    private void vote(Address proposer, Address candidate, boolean add) {
        block(proposer, Optional.of(new Vote(candidate, add)));
    }

    private void quiet(int count) {
        for (int i = 0; i < count; i++) {
            block(A, Optional.empty());
        }
    }

    private List<Address> now() {
        List<Address> current = validators.after(chain.getLast()).addresses();
        assertThat(provider(List.of()).after(chain.getLast()).addresses())
                .as("without the cache")
                .isEqualTo(current);
        return current;
    }

    @Test
    void moreThanHalfAddsAndDrops() {
        genesis(A, B, C);
        vote(A, D, true);
        assertThat(now()).containsExactly(A, B, C);
        vote(A, D, true);
        assertThat(now()).as("one validator, one vote").containsExactly(A, B, C);
        vote(B, D, true);
        assertThat(now()).containsExactly(A, B, C, D);
        vote(A, D, false);
        vote(B, D, false);
        assertThat(now()).as("two of four are not more than half").containsExactly(A, B, C, D);
        vote(C, D, false);
        assertThat(now()).containsExactly(A, B, C);
    }

    @Test
    void theLastVoteOnACandidateCounts() {
        genesis(A, B, C);
        vote(A, D, true);
        vote(A, D, false);
        vote(B, D, true);
        assertThat(now()).containsExactly(A, B, C);
    }

    @Test
    void aDroppedValidatorsVotesGoWithIt() {
        genesis(A, B, C);
        vote(C, D, true);
        vote(A, C, false);
        vote(B, C, false);
        assertThat(now()).containsExactly(A, B);
        vote(A, D, true);
        assertThat(now()).as("C's vote for D is gone").containsExactly(A, B);
        vote(B, D, true);
        assertThat(now()).containsExactly(A, B, D);
    }

    @Test
    void openVotesEndWithTheEpoch() {
        genesis(A, B, C);
        quiet(7);
        vote(A, D, true);
        quiet(2);
        assertThat(chain.getLast().number() % EPOCH).isZero();
        vote(B, D, true);
        assertThat(now()).containsExactly(A, B, C);
    }

    @Test
    void aTransitionReplacesThoseElected() {
        QbftConfig.Transition override =
                transition(new QbftConfig.Start.AtBlock(3), Optional.of(List.of(B)), Optional.empty());
        validators = provider(List.of(override));
        genesis(A, B, C);
        quiet(2);
        assertThat(validators.after(chain.getLast()).addresses()).containsExactly(B);
        vote(B, A, true);
        assertThat(validators.after(chain.getLast()).addresses()).containsExactly(A, B);
    }

    @Test
    void aContractTakesOverAtATimeAndHandsBackItsList() {
        validators = provider(List.of(
                transition(new QbftConfig.Start.AtTime(3), Optional.empty(), Optional.of(Optional.of(CONTRACT))),
                transition(new QbftConfig.Start.AtTime(5), Optional.empty(), Optional.of(Optional.empty()))));
        genesis(A, B, C);
        quiet(1);
        assertThat(validators.after(chain.getLast()).addresses()).containsExactly(A, B, C);
        quiet(1);
        assertThat(validators.after(chain.getLast()).addresses()).as("sorted").containsExactly(A, D);
        quiet(2);
        assertThat(validators.after(chain.getLast()).addresses()).containsExactly(A, D);
        vote(A, B, true);
        vote(D, B, true);
        assertThat(validators.after(chain.getLast()).addresses()).containsExactly(A, B, D);
    }

    private static QbftConfig.Transition transition(
            QbftConfig.Start start, Optional<List<Address>> list, Optional<Optional<Address>> selection) {
        return new QbftConfig.Transition(
                start,
                list,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                selection.map(QbftConfig.ValidatorSelection::new));
    }

    @Test
    void headersThatAreNotStoredYetCanBeCheckedOneAfterAnother() {
        genesis(A, B, C);
        quiet(8);
        vote(A, D, true);
        HeaderValidators fresh = provider(List.of());
        chain.subList(1, chain.size()).forEach(header -> headers.remove(QbftHasher.INSTANCE.hash(header)));
        for (BlockHeader header : chain) {
            assertThat(fresh.after(header).addresses()).containsExactly(A, B, C);
        }
    }

    @Test
    void aMissingHeaderIsALocalFault() {
        genesis(A);
        quiet(3);
        headers.remove(QbftHasher.INSTANCE.hash(chain.get(1)));
        HeaderValidators fresh = provider(List.of());
        assertThatThrownBy(() -> fresh.after(chain.getLast())).isInstanceOf(LocalFaultException.class);
    }

    @Test
    void wishesBecomeVotesUntilTheyAreFulfilled() {
        PendingVotes votes = new PendingVotes(EPOCH, new Forgotten());
        ValidatorSet set = new ValidatorSet(List.of(A, B));
        votes.propose(C, true);
        votes.propose(A, true);
        BlockHeader parent = QbftHeaders.header(4, 4, A, set);
        assertThat(votes.voteAfter(parent, set)).contains(new Vote(C, true));
        assertThat(votes.voteAfter(parent, new ValidatorSet(List.of(A, B, C)))).isEmpty();
        assertThat(votes.voteAfter(QbftHeaders.header(9, 9, A, set), set))
                .as("an epoch block")
                .isEmpty();
        votes.discard(C);
        assertThat(votes.all()).containsOnlyKeys(A);
    }

    /** Votes that nobody reads again. */
    private static final class Forgotten implements VoteStore {

        @Override
        public Map<Address, Boolean> load() {
            return Map.of();
        }

        @Override
        public void save(Map<Address, Boolean> votes) {}
    }
}
