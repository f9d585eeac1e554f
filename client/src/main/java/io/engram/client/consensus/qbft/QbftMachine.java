package io.engram.client.consensus.qbft;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.message.MessageCodec;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's part in QBFT, height after height. Events go in one at a time, on one thread; what follows from them goes out
 * through {@link QbftPorts} before {@link #handle} returns, and a message only after the safety state that allows it is
 * saved.
 */
public final class QbftMachine {

    private static final Logger LOG = LoggerFactory.getLogger(QbftMachine.class);

    /** A round change carries a block and a quorum of signatures; devp2p ends at 16 MiB. */
    static final int MAX_MESSAGE_BYTES = 16 << 20;

    private final QbftConfig config;
    private final QbftOptions options;
    private final QbftPorts ports;
    private final MessageCodec codec;
    private final SafetyGuard guard;
    private final Outbox outbox;
    private final RoundTimeouts timeouts;
    private final SeenMessages received;
    private final SeenMessages passedOn;
    private final FutureMessages future;
    private final RecoveryRule recovery = new RecoveryRule();
    private final Tickets tickets = new Tickets();
    private final Address self;

    private BlockHeader head;
    private Optional<HeightContext> context = Optional.empty();
    private Optional<HeightRun> run = Optional.empty();
    private Optional<String> stalled = Optional.empty();

    /** @param head of the chain at present; {@link #start} begins to work on it */
    public QbftMachine(QbftConfig config, QbftOptions options, QbftPorts ports, BlockHeader head) {
        this.config = config;
        this.options = options;
        this.ports = ports;
        this.head = head;
        this.self = ports.signer().address();
        this.codec = new MessageCodec(ports.signatures());
        this.guard = new SafetyGuard(ports.signer(), ports.safety(), options.encoding());
        this.outbox = new Outbox(ports.sender(), options.encoding(), self);
        this.timeouts = RoundTimeouts.of(config, options);
        QbftConfig.MessageLimits limits = config.limits();
        this.received = new SeenMessages(limits.duplicateMessages());
        this.passedOn = new SeenMessages(limits.gossipedHistory());
        this.future = new FutureMessages(limits.futureMessages(), limits.futureDistance());
    }

    public void start() {
        if (guard.state().isEmpty() && options.recoverAbove().isPresent()) {
            long floor = options.recoverAbove().getAsLong();
            LOG.warn("Signs above block {} because the operator says that nothing was signed there before", floor);
            guard.begin(floor);
        }
        begin();
    }

    public void handle(QbftEvent event) {
        switch (event) {
            case QbftEvent.MessageReceived message -> onMessage(message);
            case QbftEvent.PeerConnected connected -> run.ifPresent(open -> open.onConnected(connected.peer()));
            case QbftEvent.TimerFired timer -> onTimer(timer);
            case QbftEvent.HeadChanged changed -> onHead(changed.head());
            case QbftEvent.TransactionsAvailable available -> run.ifPresent(HeightRun::onTransactions);
            case QbftEvent.BlockBuilt built -> run.ifPresent(open -> open.onBuilt(built.ticket(), built.outcome()));
            case QbftEvent.BlockJudged judged ->
                run.ifPresent(open -> open.onJudged(judged.ticket(), judged.verdict()));
            case QbftEvent.ImportFailed failed ->
                run.ifPresent(open -> open.onImportFailed(failed.block(), failed.reason()));
            case QbftEvent.HeadReported report -> onReport(report);
        }
    }

    private void onTimer(QbftEvent.TimerFired timer) {
        switch (timer.kind()) {
            case BLOCK -> run.ifPresent(open -> open.onBlockTimer(timer.token()));
            case ROUND -> run.ifPresent(open -> open.onRoundTimer(timer.token()));
        }
    }

    private void onHead(BlockHeader newHead) {
        if (newHead.number() <= head.number()) {
            return;
        }
        head = newHead;
        begin();
    }

    private void onReport(QbftEvent.HeadReported report) {
        if (guard.state().isPresent()) {
            return;
        }
        context.ifPresent(
                known -> recovery.report(report.validator(), report.height(), report.hash(), known.validators()));
        if (recover()) {
            begin();
        }
    }

    /** Whether a validator without safety state may sign from now on. */
    private boolean recover() {
        boolean met = guard.state().isEmpty()
                && context.filter(known -> recovery.isMet(head, self, known.validators(), ports.headers()))
                        .isPresent();
        if (met) {
            LOG.info("Signs again above block {}", head.number());
            guard.begin(head.number());
        }
        return met;
    }

    private void begin() {
        run = Optional.empty();
        try {
            QbftConfig inForce = config.after(head);
            ValidatorSet validators = ports.validators().after(head);
            context = Optional.of(new HeightContext(head, QbftHasher.INSTANCE.hash(head), validators, inForce));
            stalled = Optional.empty();
        } catch (LocalFaultException e) {
            LOG.error("The validators after block {} are not known here: {}", head.number(), e.getMessage());
            context = Optional.empty();
            stalled = Optional.of(String.valueOf(e.getMessage()));
            return;
        }
        recover();
        HeightContext here = context.orElseThrow();
        List<FutureMessages.Waiting> waiting = future.take(here.height());
        if (!here.validators().contains(self) || !guard.maySign(here.height())) {
            return;
        }
        HeightRun next = new HeightRun(here, ports, guard, outbox, timeouts, options.earlyRoundChange(), tickets);
        run = Optional.of(next);
        next.start();
        for (FutureMessages.Waiting message : waiting) {
            deliver(message.message(), message.received(), idOf(message.received()));
        }
    }

    private void onMessage(QbftEvent.MessageReceived message) {
        if (message.data().size() > MAX_MESSAGE_BYTES) {
            ports.sender()
                    .misbehaved(message.peer(), "a message of " + message.data().size() + " bytes");
            return;
        }
        Hash id = idOf(message);
        if (received.contains(id) || context.isEmpty()) {
            return;
        }
        QbftMessage decoded;
        try {
            decoded = codec.decode(message.code(), message.data());
        } catch (RlpException e) {
            ports.sender().misbehaved(message.peer(), "no QBFT message: " + e.getMessage());
            return;
        }
        HeightContext here = context.get();
        boolean ours = decoded.author().equals(self);
        if (ours || decoded.at().height() < here.height() || !here.validators().contains(decoded.author())) {
            return;
        }
        boolean kept = decoded.at().height() == here.height()
                ? deliver(decoded, message, id)
                : future.add(
                        new FutureMessages.Waiting(decoded, message),
                        here.height(),
                        here.validators().size());
        if (kept) {
            received.add(id);
        }
    }

    private static Hash idOf(QbftEvent.MessageReceived message) {
        return Keccak256.hash(Bytes.concatenate(Bytes.of(message.code()), message.data()));
    }

    private boolean deliver(QbftMessage message, QbftEvent.MessageReceived raw, Hash id) {
        HeightContext here = context.orElseThrow();
        boolean current =
                message.at().height() == here.height() && here.validators().contains(message.author());
        boolean kept = current && run.filter(open -> open.onMessage(message)).isPresent();
        if (kept && passedOn.add(id)) {
            outbox.passOn(message, raw, here.validators());
        }
        return kept;
    }

    /** For the thread that handles events. */
    public QbftStatus status() {
        return run.map(HeightRun::status).orElseGet(this::followingStatus);
    }

    private QbftStatus followingStatus() {
        List<Address> validators =
                context.map(here -> here.validators().addresses()).orElse(List.of());
        String reason = stalled.orElseGet(() -> validators.contains(self)
                ? "this node has no safety state, and may sign when it has caught up with the others"
                : "this node is no validator at this height");
        return new QbftStatus(
                head.number() + 1,
                0,
                stalled.isPresent() ? Phase.STALLED : Phase.FOLLOWING,
                false,
                validators,
                context.map(HeightContext::quorum).orElse(0),
                context.filter(here -> !validators.isEmpty()).map(here -> here.proposer(0)),
                Optional.empty(),
                Set.of(),
                Set.of(),
                Map.of(),
                Set.of(),
                timeouts.millis(0),
                Optional.empty(),
                Optional.of(reason));
    }
}
