package io.engram.client.consensus.qbft;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.QbftHeaders;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.Messages;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.client.consensus.qbft.message.QbftMessage.Proposal;
import io.engram.client.consensus.qbft.message.QbftMessage.RoundChange;
import io.engram.client.consensus.qbft.message.Signed;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProposalRulesTest {

    private static final QbftConfig CONFIG = new QbftConfig(
            1, 0, 0, 1, 100, Optional.empty(), Wei.ZERO, Optional.empty(), QbftConfig.MessageLimits.DEFAULT, List.of());
    private static final BlockHeader PARENT =
            QbftHeaders.header(6, 6, Messages.VALIDATORS.addresses().getLast(), Messages.VALIDATORS);

    /** The test blocks have no parent. */
    private static final HeightContext CONTEXT = new HeightContext(PARENT, Hash.ZERO, Messages.VALIDATORS, CONFIG);

    private static final ProposalRules RULES = new ProposalRules(CONTEXT);
    private static final long NOW = 10_000;

    private static ConsensusRound at(int round) {
        return new ConsensusRound(7, round);
    }

    private static SigningKey proposer(int round) {
        return Messages.keyOf(CONTEXT.proposer(round));
    }

    private static BftBlock fresh(int round) {
        return Messages.block(7, round, proposer(round).address(), 1);
    }

    private static Proposal proposal(
            BftBlock block, int round, List<RoundChange> changes, List<Signed<PreparePayload>> prepares) {
        return new Proposal(
                Messages.sign(new ProposalPayload(at(round), block), proposer(round)),
                changes.stream().map(RoundChange::signed).toList(),
                prepares);
    }

    private static List<RoundChange> changes(int round, Optional<BftBlock> prepared, int count) {
        return Messages.KEYS.stream()
                .limit(count)
                .map(key -> Messages.roundChange(at(round), prepared, key))
                .toList();
    }

    private static void assertRefused(Proposal proposal, String reason) {
        assertThat(RULES.check(proposal, NOW))
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    @Test
    void aFirstProposalNeedsNoJustification() {
        assertThat(RULES.check(proposal(fresh(0), 0, List.of(), List.of()), NOW))
                .isEmpty();
        assertRefused(proposal(fresh(0), 0, changes(0, Optional.empty(), 3), List.of()), "needs no justification");
    }

    @Test
    void onlyTheProposerOfTheRoundProposesAndNamesItself() {
        Proposal stranger =
                new Proposal(Messages.sign(new ProposalPayload(at(0), fresh(0)), proposer(1)), List.of(), List.of());
        assertRefused(stranger, "it is the turn of");
        assertRefused(proposal(Messages.block(7, 0, proposer(1).address(), 1), 0, List.of(), List.of()), "coinbase");
        assertRefused(proposal(fresh(0).withRound(3), 0, List.of(), List.of()), "says round 3");
        assertRefused(proposal(Messages.block(8, 0, proposer(0).address(), 1), 0, List.of(), List.of()), "height 7");
        assertThat(RULES.check(proposal(fresh(0), 0, List.of(), List.of()), 5_000))
                .hasValueSatisfying(text -> assertThat(text).contains("in the future"));
    }

    @Test
    void alaterProposalNeedsAQuorumOfRoundChanges() {
        assertThat(RULES.check(proposal(fresh(1), 1, changes(1, Optional.empty(), 3), List.of()), NOW))
                .isEmpty();
        assertRefused(proposal(fresh(1), 1, changes(1, Optional.empty(), 2), List.of()), "expected at least 3");
        assertRefused(proposal(fresh(1), 1, changes(2, Optional.empty(), 3), List.of()), "justifies nothing");
        List<RoundChange> twice = List.of(
                changes(1, Optional.empty(), 1).getFirst(),
                changes(1, Optional.empty(), 1).getFirst(),
                changes(1, Optional.empty(), 2).getLast());
        assertRefused(proposal(fresh(1), 1, twice, List.of()), "two round changes");
    }

    @Test
    void aPreparedBlockMustBeProposedAgain() {
        BftBlock prepared = fresh(0);
        List<RoundChange> changes = changes(1, Optional.of(prepared), 3);
        List<Signed<PreparePayload>> prepares = Messages.prepares(at(0), prepared.digest());
        assertThat(RULES.check(proposal(prepared.withRound(1), 1, changes, prepares), NOW))
                .isEmpty();
        assertRefused(proposal(fresh(1), 1, changes, prepares), "another block than this was prepared");
        assertRefused(proposal(prepared.withRound(1), 1, changes, prepares.subList(0, 2)), "expected at least 3");
        assertRefused(
                proposal(prepared.withRound(1), 1, changes, Messages.prepares(at(0), Hash.ZERO)), "is no proof for");
        assertRefused(
                proposal(fresh(1), 1, changes(1, Optional.empty(), 3), prepares), "no round change names a prepared");
    }

    @Test
    void twoBlocksPreparedInOneRoundCannotBe() {
        BftBlock one = fresh(0);
        BftBlock two = Messages.block(7, 0, proposer(0).address(), 2);
        List<RoundChange> changes = List.of(
                Messages.roundChange(at(1), Optional.of(one), Messages.KEYS.get(0)),
                Messages.roundChange(at(1), Optional.of(two), Messages.KEYS.get(1)),
                Messages.roundChange(at(1), Optional.empty(), Messages.KEYS.get(2)));
        assertRefused(
                proposal(one.withRound(1), 1, changes, Messages.prepares(at(0), one.digest())), "two blocks are named");
    }

    @Test
    void aRoundChangeProvesWhatItClaims() {
        BftBlock prepared = fresh(0);
        SigningKey key = Messages.KEYS.getFirst();
        RoundChange honest = Messages.roundChange(at(1), Optional.of(prepared), key);
        assertThat(RULES.check(honest)).isEmpty();
        assertThat(RULES.check(Messages.roundChange(at(1), Optional.empty(), key)))
                .isEmpty();
        assertThat(RULES.check(Messages.roundChange(at(0), Optional.empty(), key)))
                .isPresent();
        assertThat(RULES.check(new RoundChange(honest.signed(), Optional.empty(), honest.prepares())))
                .isPresent();
        assertThat(RULES.check(new RoundChange(
                        honest.signed(), honest.block(), honest.prepares().subList(0, 2))))
                .isPresent();
        assertThat(RULES.check(new RoundChange(honest.signed(), Optional.of(fresh(0).withRound(2)), honest.prepares())))
                .isPresent();
        RoundChange denies = new RoundChange(
                Messages.sign(new RoundChangePayload(at(1), Optional.empty()), key), honest.block(), honest.prepares());
        assertThat(RULES.check(denies)).isPresent();
    }
}
