package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.client.consensus.qbft.message.QbftMessage.Commit;
import io.engram.client.consensus.qbft.message.QbftMessage.Prepare;
import io.engram.client.consensus.qbft.message.QbftMessage.Proposal;
import io.engram.client.consensus.qbft.message.Signed;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/** What one node has heard in one round: one proposal, and one prepare and commit of each validator, the first counts. */
final class RoundVotes {

    private final Map<Address, Signed<PreparePayload>> prepares = new TreeMap<>();
    private final Map<Address, Signed<CommitPayload>> commits = new TreeMap<>();
    private Optional<Proposal> proposal = Optional.empty();
    private Optional<BlockVerdict> verdict = Optional.empty();
    private boolean committed;

    Optional<BftBlock> block() {
        return proposal.map(message -> message.signed().payload().block());
    }

    Optional<Proposal> proposal() {
        return proposal;
    }

    /** What one validator has said, in the order in which it said it. */
    List<QbftMessage> votesOf(Address validator) {
        return Stream.concat(
                        Optional.ofNullable(prepares.get(validator)).<QbftMessage>map(Prepare::new).stream(),
                        Optional.ofNullable(commits.get(validator)).<QbftMessage>map(Commit::new).stream())
                .toList();
    }

    boolean hasProposal() {
        return proposal.isPresent();
    }

    void propose(Proposal message) {
        proposal = Optional.of(message);
    }

    Optional<BlockVerdict> verdict() {
        return verdict;
    }

    void judge(BlockVerdict found) {
        verdict = Optional.of(found);
    }

    /** This node has committed in this round. */
    boolean isCommitted() {
        return committed;
    }

    void setCommitted() {
        committed = true;
    }

    boolean add(Signed<PreparePayload> prepare) {
        return prepares.putIfAbsent(prepare.author(), prepare) == null;
    }

    boolean addCommit(Signed<CommitPayload> commit) {
        return commits.putIfAbsent(commit.author(), commit) == null;
    }

    List<Signed<PreparePayload>> preparesOf(Hash digest) {
        return prepares.values().stream()
                .filter(prepare -> prepare.payload().digest().equals(digest))
                .toList();
    }

    /** In ascending order of their authors. */
    List<Bytes> sealsOf(Hash digest) {
        return commits.values().stream()
                .map(Signed::payload)
                .filter(commit -> commit.digest().equals(digest))
                .map(CommitPayload::seal)
                .toList();
    }

    Set<Address> prepared() {
        return Set.copyOf(prepares.keySet());
    }

    Set<Address> committers() {
        return Set.copyOf(commits.keySet());
    }
}
