package io.engram.client.network;

import io.engram.genesis.Address;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A network to be made.
 *
 * @param validators how many nodes seal blocks, 1 to {@link #MAX_NODES}
 * @param followers how many nodes only follow, together with the validators at most {@link #MAX_NODES}
 * @param blockPeriodSeconds at least 1
 * @param p2pPort of the first node; on one machine the others count up from it
 * @param rpcPort of the first node's JSON-RPC; on one machine the others count up from it
 * @param funded accounts that hold {@link NetworkFiles#FUNDS} at genesis, beside the network's treasury
 * @param hosts a name or address for each node, which then all use the same two ports; empty: all on this machine
 * @param activationDelay blocks from a model's attestation to its first use; absent: ten minutes' worth
 * @param zeroBaseFee whether transactions need not pay, as in many consortia
 * @param maxModelBytes length of the largest model file, 1 MiB to 1 GiB; absent: the default of genesis files
 */
public record NetworkPlan(
        int validators,
        int followers,
        long chainId,
        long blockPeriodSeconds,
        int p2pPort,
        int rpcPort,
        List<Address> funded,
        List<String> hosts,
        OptionalLong activationDelay,
        boolean zeroBaseFee,
        OptionalLong maxModelBytes) {

    /** More processes than one machine runs. */
    public static final int MAX_NODES = 64;

    private static final long MEBIBYTE = 1L << 20;
    private static final long MAX_MODEL_BYTES = 1L << 30;
    private static final int MAX_PORT = 65_535;
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z.-]{1,253}");

    /** @throws IllegalArgumentException when a number is out of range, saying which */
    public NetworkPlan {
        funded = List.copyOf(funded);
        hosts = List.copyOf(hosts);
        int nodes = validators + followers;
        require(validators >= 1 && followers >= 0 && nodes <= MAX_NODES, "1 to " + MAX_NODES + " nodes, not " + nodes);
        require(chainId >= 1, "a chain id of at least 1, not " + chainId);
        require(blockPeriodSeconds >= 1, "a block period of at least a second, not " + blockPeriodSeconds);
        require(
                activationDelay.orElse(0) >= 0,
                "an activation delay of at least 0 blocks, not " + activationDelay.orElse(0));
        require(
                maxModelBytes.isEmpty() || isModelSize(maxModelBytes.getAsLong()),
                "models of 1 MiB to 1 GiB, not " + maxModelBytes.orElse(0) + " bytes");
        require(
                hosts.isEmpty() || hosts.size() == nodes,
                "a host for each of " + nodes + " nodes, not " + hosts.size());
        require(hosts.stream().allMatch(host -> HOST.matcher(host).matches()), "hosts that are names or addresses");
        require(hosts.size() == Set.copyOf(hosts).size(), "a host of its own for each node");
        int ports = hosts.isEmpty() ? nodes : 1;
        require(isRange(p2pPort, ports), "p2p ports from " + p2pPort + " on are not 1 to " + MAX_PORT);
        require(isRange(rpcPort, ports), "JSON-RPC ports from " + rpcPort + " on are not 1 to " + MAX_PORT);
        require(
                p2pPort + ports <= rpcPort || rpcPort + ports <= p2pPort,
                "the ports from " + p2pPort + " and from " + rpcPort + " on overlap");
    }

    /** All nodes on this machine, and the rest as usual. */
    public NetworkPlan(
            int validators,
            int followers,
            long chainId,
            long blockPeriodSeconds,
            int p2pPort,
            int rpcPort,
            List<Address> funded) {
        this(
                validators,
                followers,
                chainId,
                blockPeriodSeconds,
                p2pPort,
                rpcPort,
                funded,
                List.of(),
                OptionalLong.empty(),
                false,
                OptionalLong.empty());
    }

    /** Validators and followers. */
    public int nodes() {
        return validators + followers;
    }

    /** Under which the others reach a node, numbered from 0. */
    String host(int node) {
        return hosts.isEmpty() ? LOOPBACK : hosts.get(node);
    }

    int p2pPortOf(int node) {
        return hosts.isEmpty() ? p2pPort + node : p2pPort;
    }

    /** On the node's own machine. */
    public int rpcPortOf(int node) {
        return hosts.isEmpty() ? rpcPort + node : rpcPort;
    }

    private static boolean isModelSize(long bytes) {
        return bytes >= MEBIBYTE && bytes <= MAX_MODEL_BYTES;
    }

    private static boolean isRange(int first, int count) {
        return first >= 1 && first + count - 1 <= MAX_PORT;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
