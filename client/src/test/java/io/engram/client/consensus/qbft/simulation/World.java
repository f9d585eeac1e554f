package io.engram.client.consensus.qbft.simulation;

import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.config.QbftConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;

/**
 * One run: everything in it follows from the seed. First comes a time of faults; then the network heals, crashed nodes come
 * back, liars go on lying, and every other node must see new blocks.
 */
final class World {

    static final long PERIOD_SECONDS = 1;

    /** After the network has healed, so many blocks must follow within that time. */
    static final int BLOCKS_AFTER_HEALING = 3;

    static final long LIVENESS_BOUND_MILLIS = 120_000;

    private static final int REMEMBERED = 300;

    /** A message on the wire. */
    record Sent(int code, Bytes data) {}

    private final RandomGenerator random;
    private final Mutation mutation;
    private final Clock clock = new Clock();
    private final Ledger ledger = new Ledger();
    private final Network network;
    private final ValidatorSet validators;
    private final QbftConfig config;
    private final List<SimNode> nodes = new ArrayList<>();
    private final Map<Address, SimNode> byAddress = new HashMap<>();
    private final List<Sent> remembered = new ArrayList<>();
    private final long roundTimeoutCap;
    private final boolean uninitialised;
    private boolean healed;

    private World(long seed, Mutation mutation) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.mutation = mutation;
        int size = List.of(4, 4, 4, 4, 4, 4, 7, 5, 6, 3, 2, 1).get(random.nextInt(12));
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            addresses.add(new Address(random.nextInt(), random.nextLong(), i));
        }
        this.validators = mutation == Mutation.QUORUM_OFF_BY_ONE
                ? new ValidatorSet(addresses) {
                    @Override
                    public int quorum() {
                        return Math.max(1, super.quorum() - 1);
                    }
                }
                : new ValidatorSet(addresses);
        this.config = new QbftConfig(
                PERIOD_SECONDS,
                0,
                random.nextInt(4) == 0 ? 4 : 0,
                1,
                30_000,
                Optional.empty(),
                Wei.ZERO,
                Optional.empty(),
                QbftConfig.MessageLimits.DEFAULT,
                List.of());
        this.roundTimeoutCap = 4_000 + random.nextInt(2) * 4_000L;
        this.network = new Network(random, clock, size);
        List<Role> roles = roles(size);
        this.uninitialised = roles.stream().allMatch(Role.HONEST::equals) && random.nextBoolean();
        for (int i = 0; i < size; i++) {
            SimNode node = new SimNode(this, i, addresses.get(i), roles.get(i));
            nodes.add(node);
            byAddress.put(node.address(), node);
        }
    }

    /** At most f validators are faulty. */
    private List<Role> roles(int size) {
        List<Role> faults = List.of(
                Role.BYZANTINE,
                Role.BYZANTINE,
                Role.BYZANTINE,
                Role.WRONG_INFERENCE,
                Role.FAILING_INFERENCE,
                Role.LOSES_DISK,
                Role.HONEST);
        List<Role> roles = new ArrayList<>();
        int faulty = (size - 1) / 3;
        int first = random.nextInt(size);
        for (int i = 0; i < size; i++) {
            boolean mayFail = Math.floorMod(i - first, size) < faulty;
            roles.add(mayFail ? faults.get(random.nextInt(faults.size())) : Role.HONEST);
        }
        return roles;
    }

    /**
     * Runs a seed to its end.
     *
     * @throws Violation when a promise is broken
     */
    static void run(long seed, Mutation mutation) {
        new World(seed, mutation).run();
    }

    private void run() {
        nodes.forEach(node -> clock.in(random.nextInt(1_500), node::startIfDown));
        long healing = clock.now() + 8_000 + random.nextInt(30_000);
        scheduleFault(healing);
        runUntil(healing);
        heal();
        long target = nodes.stream()
                        .filter(node -> node.role() != Role.BYZANTINE)
                        .mapToLong(node -> node.head().number())
                        .max()
                        .orElseThrow()
                + BLOCKS_AFTER_HEALING;
        long bound = clock.now() + LIVENESS_BOUND_MILLIS;
        while (!allReached(target)) {
            if (!clock.step(bound)) {
                throw new Violation("no " + BLOCKS_AFTER_HEALING + " blocks within " + LIVENESS_BOUND_MILLIS
                        + " ms after healing; expected " + target + ": " + describe());
            }
        }
    }

    private void runUntil(long millis) {
        while (clock.step(millis)) {
            // every step changes the world
        }
    }

    private void heal() {
        healed = true;
        regroup(network::heal);
        nodes.forEach(node -> node.crashSoon(Integer.MAX_VALUE));
    }

    /** Nodes that reach each other anew hear of it, as they do when a connection is made. */
    private void regroup(Runnable change) {
        List<SimNode[]> apart = new ArrayList<>();
        for (SimNode one : nodes) {
            for (SimNode other : nodes) {
                if (!network.connects(one.index(), other.index())) {
                    apart.add(new SimNode[] {one, other});
                }
            }
        }
        change.run();
        for (SimNode[] pair : apart) {
            if (network.connects(pair[0].index(), pair[1].index())) {
                pair[0].reach(pair[1]);
            }
        }
    }

    private boolean allReached(long target) {
        return nodes.stream()
                .filter(node -> node.role() != Role.BYZANTINE)
                .allMatch(node -> node.isUp() && node.head().number() >= target);
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (SimNode node : nodes) {
            text.append('\n')
                    .append(node.role())
                    .append(" head ")
                    .append(node.head().number())
                    .append(' ')
                    .append(node.status());
        }
        return text.toString();
    }

    private void scheduleFault(long until) {
        clock.in(200 + random.nextInt(3_000), () -> {
            if (clock.now() >= until) {
                return;
            }
            SimNode node = nodes.get(random.nextInt(nodes.size()));
            switch (random.nextInt(6)) {
                case 0 -> regroup(network::partition);
                case 1 -> regroup(network::join);
                case 2 -> node.crash();
                case 3, 4 -> node.crashSoon(random.nextInt(12));
                default -> {
                    if (node.role() == Role.LOSES_DISK) {
                        node.loseDisk();
                    }
                }
            }
            scheduleFault(until);
        });
    }

    /** A new chain whose validators have no safety state; one that comes late counts among the faulty ones. */
    boolean isUninitialised() {
        return uninitialised;
    }

    RandomGenerator random() {
        return random;
    }

    Mutation mutation() {
        return mutation;
    }

    Clock clock() {
        return clock;
    }

    Network network() {
        return network;
    }

    Ledger ledger() {
        return ledger;
    }

    ValidatorSet validators() {
        return validators;
    }

    QbftConfig config() {
        return config;
    }

    long roundTimeoutCap() {
        return roundTimeoutCap;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(Address address) {
        SimNode node = byAddress.get(address);
        if (node == null) {
            throw new IllegalArgumentException(address + " is no validator");
        }
        return node;
    }

    /** How long an execution takes: now and then longer than a round while there are faults. */
    long work() {
        boolean slow = !healed && random.nextInt(12) == 0;
        return 1L + random.nextInt(slow ? 4_000 : 80);
    }

    Hash randomHash() {
        return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    void remember(int code, Bytes data) {
        if (remembered.size() < REMEMBERED) {
            remembered.add(new Sent(code, data));
        } else {
            remembered.set(random.nextInt(REMEMBERED), new Sent(code, data));
        }
    }

    /** Some message that was sent before. */
    Optional<Sent> recall() {
        return remembered.isEmpty() ? Optional.empty() : Optional.of(remembered.get(random.nextInt(remembered.size())));
    }
}
