package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.Payload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.Prepared;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.client.consensus.qbft.message.QbftMessage.Proposal;
import io.engram.client.consensus.qbft.message.QbftMessage.RoundChange;
import io.engram.client.consensus.qbft.message.Signed;
import io.engram.genesis.Address;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a proposal or round change is justified by what it carries. Execution of blocks is not judged here. Every
 * method gives the reason why not, or nothing.
 *
 * <p>Source: QBFT as Besu runs it; the paper "The Istanbul BFT Consensus Algorithm" (Moniz, 2020), section 4.
 */
final class ProposalRules {

    /** How far in the future a proposed block may lie. */
    static final long MAX_CLOCK_SKEW_MILLIS = 1_000;

    private final HeightContext context;

    ProposalRules(HeightContext context) {
        this.context = context;
    }

    Optional<String> check(Proposal proposal, long nowMillis) {
        ConsensusRound at = proposal.at();
        BftBlock block = proposal.signed().payload().block();
        if (!proposal.author().equals(context.proposer(at.round()))) {
            return Optional.of(proposal.author() + " proposes at " + at + ", and it is the turn of "
                    + context.proposer(at.round()));
        }
        Optional<String> shape = checkShape(block, at.round());
        if (shape.isPresent()) {
            return shape;
        }
        if (block.header().timestamp() * 1_000 > nowMillis + MAX_CLOCK_SKEW_MILLIS) {
            return Optional.of("the block's timestamp " + block.header().timestamp() + " is in the future");
        }
        if (at.round() == 0) {
            if (!proposal.roundChanges().isEmpty() || !proposal.prepares().isEmpty()) {
                return Optional.of("the first round needs no justification, and one was given");
            }
            return checkFresh(block, proposal.author());
        }
        return checkJustified(proposal, block);
    }

    private Optional<String> checkShape(BftBlock block, int round) {
        if (block.header().number() != context.height()) {
            return Optional.of("block " + block.header().number() + " is proposed at height " + context.height());
        }
        if (!block.header().parentHash().equals(context.parentHash())) {
            return Optional.of("the block's parent is " + block.header().parentHash() + ", and the head is "
                    + context.parentHash());
        }
        if (block.round() != round) {
            return Optional.of("the block says round " + block.round() + ", its message " + round);
        }
        if (!block.extra().seals().isEmpty()) {
            return Optional.of("the block is sealed already");
        }
        if (!block.extra().validators().equals(context.listed().addresses())) {
            return Optional.of("the block lists the validators " + block.extra().validators() + ", in force are "
                    + context.listed());
        }
        return Optional.empty();
    }

    /** A block that was prepared before keeps the proposer who made it; every other one names its own. */
    private static Optional<String> checkFresh(BftBlock block, Address author) {
        return block.header().coinbase().equals(author)
                ? Optional.empty()
                : Optional.of("the coinbase is " + block.header().coinbase() + ", the proposer " + author);
    }

    private Optional<String> checkJustified(Proposal proposal, BftBlock block) {
        ConsensusRound at = proposal.at();
        Optional<String> quorum = checkQuorum("round changes", proposal.roundChanges());
        if (quorum.isPresent()) {
            return quorum;
        }
        Optional<Prepared> best = Optional.empty();
        for (Signed<RoundChangePayload> change : proposal.roundChanges()) {
            if (!change.at().equals(at)) {
                return Optional.of("a round change to " + change.at() + " justifies nothing at " + at);
            }
            Optional<Prepared> prepared = change.payload().prepared();
            if (prepared.isEmpty()) {
                continue;
            }
            if (prepared.get().round() >= at.round()) {
                return Optional.of("a round change to " + at + " names the later round "
                        + prepared.get().round() + " as prepared");
            }
            if (best.isPresent() && best.get().round() == prepared.get().round() && !best.equals(prepared)) {
                return Optional.of("two blocks are named as prepared in round "
                        + best.get().round());
            }
            if (best.isEmpty() || best.get().round() < prepared.get().round()) {
                best = prepared;
            }
        }
        if (best.isEmpty()) {
            return proposal.prepares().isEmpty()
                    ? checkFresh(block, proposal.author())
                    : Optional.of("prepares are given, and no round change names a prepared block");
        }
        if (!block.withRound(best.get().round()).digest().equals(best.get().digest())) {
            return Optional.of("another block than this was prepared in round "
                    + best.get().round());
        }
        return checkPrepares(best.get(), proposal.prepares());
    }

    Optional<String> check(RoundChange change) {
        ConsensusRound at = change.at();
        if (at.round() == 0) {
            return Optional.of("nobody changes to round 0");
        }
        Optional<Prepared> prepared = change.signed().payload().prepared();
        if (prepared.isPresent() != change.block().isPresent()) {
            return Optional.of("a prepared block comes with its round and digest, or not at all");
        }
        if (prepared.isEmpty()) {
            return change.prepares().isEmpty() ? Optional.empty() : Optional.of("prepares are given for no block");
        }
        if (prepared.get().round() >= at.round()) {
            return Optional.of("round " + prepared.get().round() + " is not before " + at);
        }
        BftBlock block = change.block().orElseThrow();
        Optional<String> shape = checkShape(block, prepared.get().round());
        if (shape.isPresent()) {
            return shape;
        }
        if (!block.digest().equals(prepared.get().digest())) {
            return Optional.of("the block is not the one that is named as prepared");
        }
        return checkPrepares(prepared.get(), change.prepares());
    }

    private Optional<String> checkPrepares(Prepared prepared, List<Signed<PreparePayload>> prepares) {
        ConsensusRound at = new ConsensusRound(context.height(), prepared.round());
        for (Signed<PreparePayload> prepare : prepares) {
            if (!prepare.at().equals(at) || !prepare.payload().digest().equals(prepared.digest())) {
                return Optional.of("a prepare of " + prepare.payload().digest() + " at " + prepare.at()
                        + " is no proof for " + prepared.digest() + " at " + at);
            }
        }
        return checkQuorum("prepares", prepares);
    }

    private Optional<String> checkQuorum(String what, List<? extends Signed<? extends Payload>> signed) {
        Set<Address> authors = new HashSet<>();
        for (Signed<? extends Payload> one : signed) {
            if (!context.validators().contains(one.author())) {
                return Optional.of(what + " by " + one.author() + ", who is no validator");
            }
            if (!authors.add(one.author())) {
                return Optional.of("two " + what + " by " + one.author());
            }
        }
        return authors.size() < context.quorum()
                ? Optional.of(authors.size() + " " + what + ", expected at least " + context.quorum())
                : Optional.empty();
    }
}
