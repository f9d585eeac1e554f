package io.engram.client.consensus.qbft;

import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.client.consensus.qbft.message.QbftMessage.Commit;
import io.engram.client.consensus.qbft.message.QbftMessage.Prepare;
import io.engram.client.consensus.qbft.message.QbftMessage.Proposal;
import io.engram.client.consensus.qbft.message.QbftMessage.RoundChange;
import io.engram.client.consensus.qbft.message.Signed;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A validator's part in the agreement on one block. */
final class HeightRun {

    private static final Logger LOG = LoggerFactory.getLogger(HeightRun.class);

    /** Rounds behind the present one whose commits still count: they may complete a quorum. */
    static final int PAST_ROUNDS = 2;

    /** Rounds ahead whose prepares and commits are kept: a proposal may follow that leads there. */
    static final int FUTURE_ROUNDS = 8;

    /** Blocks in execution at a time; a later proposal is not executed, and its round is lost. */
    static final int MAX_EXECUTING = 16;

    /** A block that was asked for, with what will justify its proposal. */
    private record Building(long ticket, int round, List<RoundChange> changes) {}

    private final HeightContext context;
    private final ProposalRules rules;
    private final QbftPorts ports;
    private final SafetyGuard guard;
    private final Outbox outbox;
    private final RoundTimeouts timeouts;
    private final boolean earlyRoundChange;
    private final Tickets tickets;
    private final Address self;

    private final NavigableMap<Integer, RoundVotes> votes = new TreeMap<>();
    private final RoundChanges changes = new RoundChanges();
    private final Map<Long, Hash> executing = new HashMap<>();
    private final Map<Hash, Set<Hash>> modelsOfValid = new HashMap<>();
    private final Set<Hash> lostModels = new TreeSet<>();

    private int round;
    private boolean running;
    private boolean quorumIsHere;
    private boolean decided;
    private Phase phase = Phase.WAITING_FOR_BLOCK_PERIOD;
    private Optional<Building> building = Optional.empty();
    private Optional<RoundChange> announced = Optional.empty();
    private Optional<String> note = Optional.empty();
    private long blockToken;
    private long roundToken;
    private Optional<Long> roundEnds = Optional.empty();

    HeightRun(
            HeightContext context,
            QbftPorts ports,
            SafetyGuard guard,
            Outbox outbox,
            RoundTimeouts timeouts,
            boolean earlyRoundChange,
            Tickets tickets) {
        this.context = context;
        this.rules = new ProposalRules(context);
        this.ports = ports;
        this.guard = guard;
        this.outbox = outbox;
        this.timeouts = timeouts;
        this.earlyRoundChange = earlyRoundChange;
        this.tickets = tickets;
        this.self = ports.signer().address();
    }

    /** Begins at the first round, or where this node was before it stopped. */
    void start() {
        int last = guard.state().map(state -> state.lastRound(context.height())).orElse(0);
        if (last > 0) {
            enter(last, true);
        } else {
            waitUntil(context.dueMillis());
        }
    }

    private void waitUntil(long millis) {
        blockToken = tickets.next();
        ports.timers().schedule(QbftTimers.Kind.BLOCK, blockToken, millis);
    }

    void onBlockTimer(long token) {
        if (token != blockToken || running) {
            return;
        }
        long now = ports.timers().nowMillis();
        if (now < context.emptyDueMillis() && !ports.executor().hasTransactions()) {
            phase = Phase.WAITING_FOR_TRANSACTIONS;
            long next = now + Math.max(1, context.periodMillis());
            waitUntil(Math.min(next, context.emptyDueMillis()));
        } else {
            enter(0, false);
        }
    }

    void onTransactions() {
        if (phase == Phase.WAITING_FOR_TRANSACTIONS) {
            enter(0, false);
        }
    }

    /**
     * A round that a quorum has not reached is not given up: its round change is sent again. So validators that are ahead
     * wait for the others, and rounds do not run away while too few are connected.
     */
    void onRoundTimer(long token) {
        if (token != roundToken || decided) {
            return;
        }
        if (!quorumIsHere && announced.isPresent()) {
            outbox.send(announced.get(), context.validators());
            armRoundTimer();
        } else {
            enter(round + 1, true);
        }
    }

    private void enter(int next, boolean announce) {
        suspectModels();
        round = next;
        running = true;
        phase = Phase.AWAITING_PROPOSAL;
        building = Optional.empty();
        announced = Optional.empty();
        votes.headMap(next - PAST_ROUNDS).clear();
        changes.noteReached(self, next);
        quorumIsHere = next == 0 || changes.reaching(next) >= context.quorum();
        armRoundTimer();
        if (announce) {
            announceRoundChange();
        }
        proposeIfMine();
    }

    /**
     * The time of a round counts from when a quorum has reached it; else one that came early would leave just when the
     * others arrive, and again in each round after.
     */
    private void noteArrivals() {
        if (!quorumIsHere && changes.reaching(round) >= context.quorum()) {
            quorumIsHere = true;
            armRoundTimer();
        }
    }

    private void armRoundTimer() {
        roundToken = tickets.next();
        long at = ports.timers().nowMillis() + timeouts.millis(round);
        roundEnds = Optional.of(at);
        ports.timers().schedule(QbftTimers.Kind.ROUND, roundToken, at);
    }

    /** A round is lost: what its block called is left out by later proposers. */
    private void suspectModels() {
        votesIn(round).verdict().map(BlockVerdict::models).ifPresent(lostModels::addAll);
    }

    private void announceRoundChange() {
        Optional<Signed<RoundChangePayload>> signed = guard.changeRound(at(round));
        if (signed.isEmpty()) {
            return;
        }
        Optional<PreparedCertificate> certificate =
                guard.state().flatMap(state -> state.certificateAt(context.height()));
        RoundChange message = new RoundChange(
                signed.get(),
                certificate.map(PreparedCertificate::block),
                certificate.map(PreparedCertificate::prepares).orElse(List.of()));
        announced = Optional.of(message);
        changes.add(message);
        outbox.send(message, context.validators());
    }

    private void proposeIfMine() {
        if (decided
                || building.isPresent()
                || !context.proposer(round).equals(self)
                || votesIn(round).hasProposal()) {
            return;
        }
        List<RoundChange> asked = round == 0 ? List.of() : changes.to(round);
        if (round > 0 && asked.size() < context.quorum()) {
            return;
        }
        Optional<RoundChange> best = asked.stream()
                .filter(change -> change.block().isPresent())
                .max(Comparator.comparingInt(
                        change -> change.block().orElseThrow().round()));
        if (best.isPresent()) {
            propose(
                    best.get().block().orElseThrow().withRound(round),
                    asked,
                    best.get().prepares());
        } else {
            build(asked);
        }
    }

    private void build(List<RoundChange> asked) {
        Building request = new Building(tickets.next(), round, asked);
        building = Optional.of(request);
        phase = Phase.BUILDING;
        long timestamp = Math.max(ports.timers().nowMillis() / 1_000, context.earliestTimestamp());
        boolean voting = context.config().validatorContract().isEmpty();
        ports.executor()
                .build(
                        request.ticket(),
                        new ProposalRequest(
                                context.parent(),
                                self,
                                timestamp,
                                context.listed(),
                                voting
                                        ? ports.votes().voteAfter(context.parent(), context.validators())
                                        : Optional.empty(),
                                InferencePolicy.at(round, lostModels)));
    }

    void onBuilt(long ticket, BuildOutcome outcome) {
        Optional<Building> request = building.filter(open -> open.ticket() == ticket);
        if (request.isEmpty() || decided) {
            return;
        }
        switch (outcome) {
            case BuildOutcome.Built built -> {
                modelsOfValid.put(built.block().hash(), built.models());
                propose(built.block().withRound(round), request.get().changes(), List.of());
            }
            case BuildOutcome.LocalFault fault -> abstain("no block could be made: " + fault.reason());
        }
    }

    private void propose(BftBlock block, List<RoundChange> asked, List<Signed<PreparePayload>> prepares) {
        Optional<Signed<ProposalPayload>> signed = guard.propose(at(round), block);
        if (signed.isEmpty()) {
            abstain("this node has proposed in this round before, or may not sign");
            return;
        }
        Proposal message = new Proposal(
                signed.get(), asked.stream().map(RoundChange::signed).toList(), prepares);
        outbox.send(message, context.validators());
        accept(message);
    }

    /**
     * A validator that was away, or cut off, is told where this node is and how it got there; otherwise it would learn of it
     * when a round of ever longer time is over.
     */
    void onConnected(Address peer) {
        if (!running || !context.validators().contains(peer)) {
            return;
        }
        announced.ifPresent(change -> outbox.sendTo(peer, change));
        RoundVotes here = votesIn(round);
        here.proposal().ifPresent(proposal -> outbox.sendTo(peer, proposal));
        here.votesOf(self).forEach(vote -> outbox.sendTo(peer, vote));
    }

    /**
     * Takes a message of this height by one of its validators.
     *
     * @return whether it was new and of use, so that it is worth passing on
     */
    boolean onMessage(QbftMessage message) {
        if (decided) {
            return false;
        }
        return switch (message) {
            case Proposal proposal -> onProposal(proposal);
            case Prepare prepare -> onPrepare(prepare.signed());
            case Commit commit -> onCommit(commit.signed());
            case RoundChange change -> onRoundChange(change);
        };
    }

    private boolean onProposal(Proposal proposal) {
        int proposed = proposal.at().round();
        if (proposed < round || votesIn(proposed).hasProposal()) {
            return false;
        }
        Optional<String> fault = rules.check(proposal, ports.timers().nowMillis());
        if (fault.isPresent()) {
            refuse("a proposal by " + proposal.author() + " at " + proposal.at() + ": " + fault.get());
            return false;
        }
        proposal.roundChanges().forEach(change -> changes.noteReached(change.author(), proposed));
        if (proposed > round || !running) {
            enter(proposed, false);
        } else {
            noteArrivals();
        }
        accept(proposal);
        return true;
    }

    private void accept(Proposal proposal) {
        RoundVotes here = votesIn(round);
        here.propose(proposal);
        phase = Phase.VERIFYING;
        BftBlock block = proposal.signed().payload().block();
        Optional<Set<Hash>> models = Optional.ofNullable(modelsOfValid.get(block.hash()));
        if (models.isPresent()) {
            judge(new BlockVerdict.Valid(models.get()));
        } else if (!executing.containsValue(block.hash())) {
            execute(block);
        }
        decideIfCommitted(round);
    }

    private void execute(BftBlock block) {
        if (executing.size() >= MAX_EXECUTING) {
            abstain(MAX_EXECUTING + " blocks are in execution already");
            return;
        }
        long ticket = tickets.next();
        executing.put(ticket, block.hash());
        ports.executor().validate(ticket, block.block(), context.parent());
    }

    void onJudged(long ticket, BlockVerdict verdict) {
        Optional<Hash> judged = Optional.ofNullable(executing.remove(ticket));
        if (judged.isEmpty()) {
            return;
        }
        if (verdict instanceof BlockVerdict.Valid valid) {
            modelsOfValid.put(judged.get(), valid.models());
        }
        RoundVotes here = votesIn(round);
        boolean isOfThisRound = here.block().map(BftBlock::hash).equals(judged)
                && here.verdict().isEmpty();
        if (isOfThisRound && !decided) {
            judge(verdict);
        }
    }

    /** Only a block that this node has executed itself is prepared; one that it could not execute is not spoken of. */
    private void judge(BlockVerdict verdict) {
        votesIn(round).judge(verdict);
        switch (verdict) {
            case BlockVerdict.Valid valid -> prepare();
            case BlockVerdict.Invalid invalid -> {
                phase = Phase.REFUSING;
                refuse("the block proposed at " + at(round) + ": " + invalid.reason());
            }
            case BlockVerdict.LocalFault fault ->
                abstain("the block proposed at " + at(round) + " cannot be executed here: " + fault.reason());
        }
    }

    private void prepare() {
        RoundVotes here = votesIn(round);
        Hash digest = here.block().orElseThrow().digest();
        Optional<Signed<PreparePayload>> signed = guard.prepare(at(round), digest);
        if (signed.isPresent()) {
            phase = Phase.AWAITING_PREPARES;
            here.add(signed.get());
            outbox.send(new Prepare(signed.get()), context.validators());
        } else {
            abstain("another message signed before forbids to prepare at " + at(round));
        }
        commitIfPrepared();
    }

    private boolean onPrepare(Signed<PreparePayload> prepare) {
        int of = prepare.at().round();
        if (of < round || of > round + FUTURE_ROUNDS || !votesIn(of).add(prepare)) {
            return false;
        }
        if (of == round) {
            commitIfPrepared();
        }
        return true;
    }

    private void commitIfPrepared() {
        RoundVotes here = votesIn(round);
        boolean valid =
                here.verdict().filter(BlockVerdict.Valid.class::isInstance).isPresent();
        if (!valid || here.isCommitted()) {
            return;
        }
        BftBlock block = here.block().orElseThrow();
        List<Signed<PreparePayload>> prepares = here.preparesOf(block.digest());
        if (prepares.size() < context.quorum()) {
            return;
        }
        here.setCommitted();
        Optional<Signed<CommitPayload>> signed = guard.commit(at(round), new PreparedCertificate(block, prepares));
        if (signed.isEmpty()) {
            abstain("another message signed before forbids to commit at " + at(round));
            return;
        }
        phase = Phase.AWAITING_COMMITS;
        here.addCommit(signed.get());
        outbox.send(new Commit(signed.get()), context.validators());
        decideIfCommitted(round);
    }

    private boolean onCommit(Signed<CommitPayload> commit) {
        int of = commit.at().round();
        if (of < round - PAST_ROUNDS || of > round + FUTURE_ROUNDS || !isSealedByAuthor(commit)) {
            return false;
        }
        if (!votesIn(of).addCommit(commit)) {
            return false;
        }
        decideIfCommitted(of);
        return true;
    }

    private boolean isSealedByAuthor(Signed<CommitPayload> commit) {
        return SignatureCodec.decode(commit.payload().seal())
                .flatMap(seal -> ports.signatures().signer(commit.payload().digest(), seal))
                .equals(Optional.of(commit.author()));
    }

    /** Whatever this node's own verdict: the import executes the block and has the last word. */
    private void decideIfCommitted(int of) {
        RoundVotes there = votesIn(of);
        if (decided || !there.hasProposal()) {
            return;
        }
        BftBlock block = there.block().orElseThrow();
        List<Bytes> seals = there.sealsOf(block.digest());
        if (seals.size() < context.quorum()) {
            return;
        }
        decided = true;
        phase = Phase.IMPORTING;
        roundEnds = Optional.empty();
        ports.executor().importDecided(block.sealed(seals));
    }

    private boolean onRoundChange(RoundChange change) {
        int target = change.at().round();
        if (target < round) {
            return false;
        }
        Optional<String> fault = rules.check(change);
        if (fault.isPresent()) {
            refuse("a round change by " + change.author() + " to " + change.at() + ": " + fault.get());
            return false;
        }
        if (!changes.add(change)) {
            return false;
        }
        int joined = earlyRoundChange ? changes.reachedBy(context.oneHonest(), self) : 0;
        if (changes.to(target).size() >= context.quorum()) {
            joined = Math.max(joined, target);
        }
        if (joined > round) {
            enter(joined, true);
        } else if (running) {
            noteArrivals();
            proposeIfMine();
        }
        return true;
    }

    void onImportFailed(Hash block, String reason) {
        if (decided) {
            phase = Phase.STALLED;
            note = Optional.of("block " + block + " is decided and cannot be added here: " + reason);
            LOG.error("Block {} at {} is decided and cannot be added: {}", block, context.height(), reason);
        }
    }

    private void refuse(String reason) {
        note = Optional.of(reason);
        LOG.debug("Refused: {}", reason);
    }

    private void abstain(String reason) {
        phase = Phase.ABSTAINING;
        note = Optional.of(reason);
        LOG.warn("This node takes no part in {}: {}", at(round), reason);
    }

    private ConsensusRound at(int number) {
        return new ConsensusRound(context.height(), number);
    }

    private RoundVotes votesIn(int number) {
        return votes.computeIfAbsent(number, absent -> new RoundVotes());
    }

    QbftStatus status() {
        RoundVotes here = votesIn(round);
        return new QbftStatus(
                context.height(),
                round,
                phase,
                true,
                context.validators().addresses(),
                context.quorum(),
                Optional.of(context.proposer(round)),
                here.block().map(BftBlock::digest),
                here.prepared(),
                here.committers(),
                changes.reached(),
                awaited(here),
                timeouts.millis(round),
                roundEnds,
                note);
    }

    private Set<Address> awaited(RoundVotes here) {
        return switch (phase) {
            case AWAITING_PROPOSAL, REFUSING, ABSTAINING ->
                here.hasProposal() ? Set.of() : Set.of(context.proposer(round));
            case AWAITING_PREPARES -> missing(here.prepared());
            case AWAITING_COMMITS -> missing(here.committers());
            case FOLLOWING,
                    WAITING_FOR_BLOCK_PERIOD,
                    WAITING_FOR_TRANSACTIONS,
                    BUILDING,
                    VERIFYING,
                    IMPORTING,
                    STALLED -> Set.of();
        };
    }

    private Set<Address> missing(Set<Address> heard) {
        Set<Address> missing = new TreeSet<>(context.validators().addresses());
        missing.removeAll(heard);
        return Set.copyOf(missing);
    }
}
