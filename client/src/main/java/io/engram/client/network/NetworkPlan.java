package io.engram.client.network;

import io.engram.genesis.Address;
import java.util.List;
import java.util.OptionalLong;

/**
 * A network to be made.
 *
 * @param validators how many nodes seal blocks, 1 to {@link #MAX_NODES}
 * @param followers how many nodes only follow, together with the validators at most {@link #MAX_NODES}
 * @param blockPeriodSeconds at least 1
 * @param p2pPort of the first node; the others count up from it
 * @param rpcPort of the first node's JSON-RPC; the others count up from it
 * @param funded accounts that hold {@link NetworkFiles#FUNDS} at genesis, beside the network's treasury
 * @param activationDelay blocks from a model's attestation to its first use; absent: ten minutes' worth
 * @param zeroBaseFee whether transactions need not pay, as in many consortia
 */
public record NetworkPlan(
        int validators,
        int followers,
        long chainId,
        long blockPeriodSeconds,
        int p2pPort,
        int rpcPort,
        List<Address> funded,
        OptionalLong activationDelay,
        boolean zeroBaseFee) {

    /** More processes than one machine runs. */
    public static final int MAX_NODES = 64;

    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException when a number is out of range, saying which */
    public NetworkPlan {
        funded = List.copyOf(funded);
        int nodes = validators + followers;
        require(validators >= 1 && followers >= 0 && nodes <= MAX_NODES, "1 to " + MAX_NODES + " nodes, not " + nodes);
        require(chainId >= 1, "a chain id of at least 1, not " + chainId);
        require(blockPeriodSeconds >= 1, "a block period of at least a second, not " + blockPeriodSeconds);
        require(
                activationDelay.orElse(0) >= 0,
                "an activation delay of at least 0 blocks, not " + activationDelay.orElse(0));
        require(isRange(p2pPort, nodes), "p2p ports from " + p2pPort + " on are not 1 to " + MAX_PORT);
        require(isRange(rpcPort, nodes), "JSON-RPC ports from " + rpcPort + " on are not 1 to " + MAX_PORT);
        require(
                p2pPort + nodes <= rpcPort || rpcPort + nodes <= p2pPort,
                "the ports from " + p2pPort + " and from " + rpcPort + " on overlap");
    }

    /** Validators and followers. */
    public int nodes() {
        return validators + followers;
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
