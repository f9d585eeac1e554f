package io.engram.client.consensus.qbft;

import io.engram.client.consensus.ChainHeaders;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When a validator that lost its safety state may sign again (protocol F5). Until then it counts among the faulty ones.
 *
 * <p>It waits for the first head report since its start of a quorum of other validators. A report counts once its block
 * is on this node's chain, where a quorum sealed it: so a claimed height that does not exist counts for nothing, neither
 * to keep the node out nor to let it in. The highest one counted is H. The node may have signed at heights up to h, which
 * took a quorum that committed h − 1; any two quorums share an honest validator, which had imported h − 2; so H ≥ h − 2,
 * and after importing a block at H + 2 the node is past everything that it may have signed.
 *
 * <p>At genesis nothing was decided yet: when enough others to be a quorum with this node report genesis as their head,
 * it is a new chain, and the node starts. A single validator starts on its own chain, which holds every block that it made
 * final: it adds a block before anybody else hears of it.
 */
final class RecoveryRule {

    private static final int DISTANCE = 2;

    private record Report(long height, Hash hash) {}

    private final Map<Address, Report> first = new HashMap<>();

    /** Only validators' reports are kept, and one of each. */
    void report(Address validator, long height, Hash hash, ValidatorSet validators) {
        first.keySet().removeIf(known -> !validators.contains(known));
        if (validators.contains(validator)) {
            first.putIfAbsent(validator, new Report(height, hash));
        }
    }

    boolean isMet(BlockHeader head, Address self, ValidatorSet validators, ChainHeaders headers) {
        if (validators.size() == 1) {
            return validators.contains(self);
        }
        int counted = 0;
        long highest = 0;
        for (Map.Entry<Address, Report> entry : first.entrySet()) {
            Report report = entry.getValue();
            boolean onChain = report.height() <= head.number()
                    && headers.canonicalHash(report.height()).equals(Optional.of(report.hash()));
            if (onChain && !entry.getKey().equals(self) && validators.contains(entry.getKey())) {
                counted++;
                highest = Math.max(highest, report.height());
            }
        }
        if (head.number() == 0) {
            return counted >= validators.quorum() - 1;
        }
        return counted >= validators.quorum() && head.number() >= highest + DISTANCE;
    }
}
