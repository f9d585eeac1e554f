package io.engram.client.consensus.qbft.simulation;

import io.engram.client.consensus.ChainHeaders;
import io.engram.client.consensus.QbftHeaderRules;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.BlockExecutor;
import io.engram.client.consensus.qbft.BlockVerdict;
import io.engram.client.consensus.qbft.BuildOutcome;
import io.engram.client.consensus.qbft.InferencePolicy;
import io.engram.client.consensus.qbft.MessageSender;
import io.engram.client.consensus.qbft.ProposalRequest;
import io.engram.client.consensus.qbft.QbftEvent;
import io.engram.client.consensus.qbft.QbftMachine;
import io.engram.client.consensus.qbft.QbftOptions;
import io.engram.client.consensus.qbft.QbftPorts;
import io.engram.client.consensus.qbft.QbftStatus;
import io.engram.client.consensus.qbft.QbftTimers;
import io.engram.client.consensus.qbft.SafetyState;
import io.engram.client.consensus.qbft.SafetyStateCodec;
import io.engram.client.consensus.qbft.SafetyStore;
import io.engram.client.consensus.qbft.message.MessageCodec;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** A validator with its disk. The machine in it is the real one; everything around it is the simulation's. */
final class SimNode implements BlockExecutor, MessageSender, QbftTimers, ChainHeaders, SafetyStore {

    private static final int BLOCKS_PER_ANSWER = 8;

    private final World world;
    private final int index;
    private final Address address;
    private final Role role;
    private final ToySignatures signatures = new ToySignatures();
    private final MessageCodec codec = new MessageCodec(signatures);
    private final SafetyStateCodec states = new SafetyStateCodec(signatures);
    private final Optional<Liar> liar;

    /** The disk: what is synced survives a crash, and the safety state always is. */
    private final List<Block> chain = new ArrayList<>();

    private int synced;
    private Optional<Bytes> safety;
    private final Map<Hash, BlockHeader> headers = new HashMap<>();

    private Optional<QbftMachine> machine = Optional.empty();
    private int life;
    private int callsUntilCrash = Integer.MAX_VALUE;
    private boolean diskLost;

    SimNode(World world, int index, Address address, Role role) {
        this.world = world;
        this.index = index;
        this.address = address;
        this.role = role;
        this.liar = role == Role.BYZANTINE ? Optional.of(new Liar(world, this)) : Optional.empty();
        this.safety = world.isUninitialised()
                ? Optional.empty()
                : Optional.of(SafetyStateCodec.encode(SafetyState.nothingSignedAbove(0)));
        resetChain();
    }

    private void resetChain() {
        chain.clear();
        headers.clear();
        append(new Block(Content.genesis(world.validators()), new BlockBody(List.of(), List.of(), Optional.empty())));
        synced = 1;
    }

    int index() {
        return index;
    }

    Address address() {
        return address;
    }

    Role role() {
        return role;
    }

    boolean isUp() {
        return machine.isPresent();
    }

    BlockHeader head() {
        return chain.getLast().header();
    }

    Optional<QbftStatus> status() {
        return machine.map(QbftMachine::status);
    }

    // ---- life and death

    void start() {
        life++;
        callsUntilCrash = Integer.MAX_VALUE;
        QbftOptions options =
                new QbftOptions(world.roundTimeoutCap(), true, QbftOptions.DEFAULT.encoding(), OptionalLong.empty());
        QbftPorts ports = new QbftPorts(
                ToySignatures.signer(address),
                signatures,
                this,
                this,
                this,
                this,
                parent -> world.validators(),
                this,
                (parent, validators) -> Optional.empty());
        QbftMachine started = new QbftMachine(world.config(), options, ports, head());
        machine = Optional.of(started);
        guarded(started::start);
        for (SimNode other : world.nodes()) {
            if (other != this) {
                reach(other);
                other.reach(this);
            }
        }
        askAround();
    }

    /** Another node can be sent messages from some time on. */
    void reach(SimNode other) {
        world.network().send(other.index, index, () -> handle(new QbftEvent.PeerConnected(other.address)));
    }

    /** Crashes in the middle of some event: after that many calls of its ports. */
    void crashSoon(int calls) {
        callsUntilCrash = calls;
    }

    void crash() {
        if (machine.isEmpty()) {
            return;
        }
        life++;
        machine = Optional.empty();
        int kept = synced + world.random().nextInt(chain.size() - synced + 1);
        while (chain.size() > kept) {
            headers.remove(QbftHasher.INSTANCE.hash(chain.removeLast().header()));
        }
        synced = chain.size();
        world.clock().in(200 + world.random().nextInt(6_000), this::startIfDown);
    }

    void startIfDown() {
        if (machine.isEmpty()) {
            start();
        }
    }

    /** The safety state is lost, and perhaps everything. */
    void loseDisk() {
        if (diskLost || head().number() < 3) {
            return;
        }
        diskLost = true;
        crash();
        safety = Optional.empty();
        if (world.random().nextBoolean()) {
            resetChain();
        }
    }

    private void guarded(Runnable event) {
        try {
            event.run();
        } catch (Crash e) {
            crash();
        }
    }

    private void handle(QbftEvent event) {
        machine.ifPresent(running -> guarded(() -> running.handle(event)));
    }

    /** Hands in an event later, unless the node stops before. */
    private void later(long delay, QbftEvent event) {
        int now = life;
        world.clock().in(delay, () -> {
            if (life == now) {
                handle(event);
            }
        });
    }

    private void portCalled() {
        if (callsUntilCrash-- <= 0) {
            throw new Crash();
        }
    }

    // ---- time

    @Override
    public long nowMillis() {
        return world.clock().now();
    }

    @Override
    public void schedule(Kind kind, long token, long atMillis) {
        later(Math.max(0, atMillis - nowMillis()), new QbftEvent.TimerFired(kind, token));
    }

    // ---- safety state

    @Override
    public Optional<SafetyState> load() {
        if (liar.isPresent()) {
            return Optional.of(SafetyState.nothingSignedAbove(0));
        }
        try {
            return safety.isPresent() ? Optional.of(states.decode(safety.get())) : Optional.empty();
        } catch (RlpException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void save(SafetyState state) {
        portCalled();
        if (world.mutation() != Mutation.FORGOTTEN_SAFETY_WRITE || safety.isEmpty()) {
            safety = Optional.of(SafetyStateCodec.encode(state));
            synced = chain.size();
        }
        portCalled();
    }

    // ---- messages

    @Override
    public void send(Set<Address> validators, int code, Bytes data) {
        if (liar.isPresent()) {
            liar.get().send(validators, code, data);
            return;
        }
        portCalled();
        noteOwn(code, data);
        world.remember(code, data);
        validators.forEach(to -> deliver(to, code, data));
    }

    private void noteOwn(int code, Bytes data) {
        QbftMessage message = decode(code, data).orElseThrow();
        if (message.author().equals(address)) {
            world.ledger().signed(message);
        }
    }

    Optional<QbftMessage> decode(int code, Bytes data) {
        try {
            return Optional.of(codec.decode(code, data));
        } catch (RlpException e) {
            return Optional.empty();
        }
    }

    void deliver(Address to, int code, Bytes data) {
        SimNode target = world.node(to);
        world.network().send(index, target.index, () -> target.receive(address, code, data));
    }

    private void receive(Address from, int code, Bytes data) {
        liar.ifPresent(lying -> lying.hear(code, data));
        handle(new QbftEvent.MessageReceived(from, code, data));
    }

    @Override
    public void misbehaved(Address peer, String reason) {
        if (world.node(peer).role != Role.BYZANTINE) {
            throw new Violation(peer + " is honest and was reported: " + reason);
        }
    }

    // ---- execution

    @Override
    public boolean hasTransactions() {
        return world.random().nextBoolean();
    }

    @Override
    public void build(long ticket, ProposalRequest request) {
        Hash transactions = transactions(request.policy());
        boolean called = Content.callsModel(transactions);
        if (called && role == Role.FAILING_INFERENCE) {
            later(world.work(), new QbftEvent.BlockBuilt(ticket, new BuildOutcome.LocalFault("device lost")));
            return;
        }
        Hash inference = Content.inference(transactions);
        boolean lie = liar.isPresent() && world.random().nextInt(3) == 0;
        if (called && (role == Role.WRONG_INFERENCE || lie)) {
            inference = new Hash(inference.w0(), inference.w1(), inference.w2() ^ 1, inference.w3());
        }
        Hash state = Content.state(request.parent().stateRoot(), transactions);
        if (liar.isPresent() && world.random().nextInt(5) == 0) {
            state = new Hash(state.w0() ^ 1, state.w1(), state.w2(), state.w3());
        }
        Block block = Content.block(
                request.parent(),
                request.timestamp(),
                request.coinbase(),
                transactions,
                state,
                inference,
                request.listed());
        later(
                world.work(),
                new QbftEvent.BlockBuilt(
                        ticket, new BuildOutcome.Built(Content.bft(block), Content.models(transactions))));
    }

    private Hash transactions(InferencePolicy policy) {
        while (true) {
            Hash drawn = world.randomHash();
            boolean allowed = switch (policy) {
                case InferencePolicy.All all -> true;
                case InferencePolicy.Except except ->
                    Content.models(drawn).stream().noneMatch(except.models()::contains);
                case InferencePolicy.NoInference none -> !Content.callsModel(drawn);
            };
            if (allowed) {
                return drawn;
            }
        }
    }

    @Override
    public void validate(long ticket, Block block, BlockHeader parent) {
        world.ledger().seen(block, parent);
        later(world.work(), new QbftEvent.BlockJudged(ticket, judge(block, parent)));
    }

    private BlockVerdict judge(Block block, BlockHeader parent) {
        Hash transactions = block.header().transactionsRoot();
        Set<Hash> models = Content.models(transactions);
        if (liar.isPresent()) {
            return new BlockVerdict.Valid(models);
        }
        Optional<String> fault = headerFault(block, parent).or(() -> Content.fault(block, parent));
        boolean unchecked = world.mutation() == Mutation.SKIPPED_INFERENCE_CHECK
                && fault.filter("inference root"::equals).isPresent();
        if (fault.isPresent() && !unchecked) {
            return new BlockVerdict.Invalid(fault.get(), models);
        }
        if (models.isEmpty()) {
            return new BlockVerdict.Valid(models);
        }
        return switch (role) {
            case WRONG_INFERENCE -> new BlockVerdict.Invalid("inference root", models);
            case FAILING_INFERENCE -> new BlockVerdict.LocalFault("device lost", models);
            case HONEST, BYZANTINE, LOSES_DISK -> new BlockVerdict.Valid(models);
        };
    }

    private Optional<String> headerFault(Block block, BlockHeader parent) {
        return QbftHeaderRules.checkUnsealed(block.header(), parent, expected(world.validators()));
    }

    private static QbftHeaderRules.Expected expected(ValidatorSet validators) {
        return new QbftHeaderRules.Expected(validators, false, World.PERIOD_SECONDS);
    }

    @Override
    public void importDecided(Block sealed) {
        int now = life;
        world.clock().in(1 + world.random().nextInt(20), () -> {
            if (life == now) {
                importBlock(sealed);
            }
        });
    }

    // ---- the chain and its synchronisation

    /** A sealed block is final; a back end that is at fault is found out by the reference (protocol F2). */
    private void importBlock(Block sealed) {
        BlockHeader parent = head();
        if (machine.isEmpty() || sealed.header().number() != parent.number() + 1) {
            return;
        }
        Optional<String> fault =
                QbftHeaderRules.check(sealed.header(), parent, expected(world.validators()), signatures);
        if (fault.isPresent() || !sealed.header().parentHash().equals(QbftHasher.INSTANCE.hash(parent))) {
            return;
        }
        if (liar.isEmpty()) {
            world.ledger().decided(sealed, parent);
        }
        append(sealed);
        int now = life;
        int size = chain.size();
        world.clock().in(1 + world.random().nextInt(1_500), () -> {
            if (life == now) {
                synced = Math.max(synced, size);
            }
        });
        for (SimNode peer : world.nodes()) {
            if (peer != this && liar.isEmpty()) {
                world.network().send(index, peer.index, () -> peer.importBlock(sealed));
            }
        }
        handle(new QbftEvent.HeadChanged(sealed.header()));
    }

    private void append(Block block) {
        chain.add(block);
        headers.put(QbftHasher.INSTANCE.hash(block.header()), block.header());
    }

    /** Asks a peer for its head and for what follows this node's own, again and again. */
    private void askAround() {
        int now = life;
        world.clock().in(100 + world.random().nextInt(600), () -> {
            if (life != now) {
                return;
            }
            SimNode peer =
                    world.nodes().get(world.random().nextInt(world.nodes().size()));
            int next = chain.size();
            world.network().send(index, peer.index, () -> peer.answer(this, now, next));
            askAround();
        });
    }

    private void answer(SimNode asking, int askingLife, int next) {
        if (machine.isEmpty()) {
            return;
        }
        boolean lie = liar.isPresent() && world.random().nextBoolean();
        long height = lie ? world.random().nextInt(200) : head().number();
        Hash hash = lie ? world.randomHash() : QbftHasher.INSTANCE.hash(head());
        List<Block> blocks = List.copyOf(
                chain.subList(Math.min(next, chain.size()), Math.min(next + BLOCKS_PER_ANSWER, chain.size())));
        world.network().send(index, asking.index, () -> {
            if (asking.life == askingLife) {
                asking.handle(new QbftEvent.HeadReported(address, height, hash));
                blocks.forEach(asking::importBlock);
            }
        });
    }

    @Override
    public Optional<BlockHeader> header(Hash hash) {
        return Optional.ofNullable(headers.get(hash));
    }

    @Override
    public Optional<Hash> canonicalHash(long number) {
        return number < chain.size()
                ? Optional.of(QbftHasher.INSTANCE.hash(chain.get((int) number).header()))
                : Optional.empty();
    }
}
