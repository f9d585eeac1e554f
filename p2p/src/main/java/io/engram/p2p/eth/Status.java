package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Who a node is on the chain; the first message of both sides.
 *
 * @param totalDifficulty of the head; eth/68 only
 * @param range what the node has; in eth/68 only the hash of the head travels
 */
public record Status(
        EthVersion version,
        long networkId,
        Optional<UInt256> totalDifficulty,
        Hash genesis,
        ForkId forkId,
        Optional<BlockRange> range,
        Hash head) {}
