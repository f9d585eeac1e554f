package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.Fork;
import java.util.ArrayList;
import java.util.List;

/** Block and ommer rewards of proof of work (yellow paper, 11.3; EIP-649; EIP-1234). */
final class RewardRule {

    /** An amount created for an account. */
    record Reward(Address beneficiary, Wei amount) {}

    private static final long OMMER_DEPTH = 8;
    private static final int NEPHEW_SHARE = 32;

    private RewardRule() {}

    static Wei blockReward(Fork fork) {
        if (fork.isAtLeast(Fork.PARIS)) {
            return Wei.ZERO;
        }
        if (fork.isAtLeast(Fork.CONSTANTINOPLE)) {
            return Wei.ofEther(2);
        }
        return fork.isAtLeast(Fork.BYZANTIUM) ? Wei.ofEther(3) : Wei.ofEther(5);
    }

    /** In order of payment; none when the base reward is zero. */
    static List<Reward> of(Wei reward, Address coinbase, long number, List<BlockHeader> ommers) {
        if (reward.isZero()) {
            return List.of();
        }
        List<Reward> rewards = new ArrayList<>();
        Wei own = reward;
        for (BlockHeader ommer : ommers) {
            long share = OMMER_DEPTH + ommer.number() - number;
            rewards.add(new Reward(ommer.coinbase(), dividedBy(reward.times(share), (int) OMMER_DEPTH)));
            own = own.plus(dividedBy(reward, NEPHEW_SHARE));
        }
        rewards.addFirst(new Reward(coinbase, own));
        return List.copyOf(rewards);
    }

    private static Wei dividedBy(Wei amount, int divisor) {
        return Wei.of(amount.value().divide(divisor));
    }
}
