package io.engram.evm.interpreter;

import io.engram.evm.BlockContext;
import io.engram.evm.state.Limbs;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.List;

/** Block and transaction as opcodes see them, with the words they push ready as limbs. Immutable. */
public final class ExecutionContext {

    private final BlockContext block;
    private final Address origin;
    private final List<Hash> blobHashes;
    private final long[] gasPrice = new long[4];
    private final long[] chainId = new long[4];
    private final long[] difficultyOrRandao = new long[4];
    private final long[] baseFee = new long[4];
    private final long[] blobBaseFee = new long[4];

    /** @param gasPrice what GASPRICE pushes: the effective price */
    public ExecutionContext(BlockContext block, Address origin, Wei gasPrice, List<Hash> blobHashes) {
        this.block = block;
        this.origin = origin;
        this.blobHashes = List.copyOf(blobHashes);
        Limbs.of(gasPrice.value(), this.gasPrice, 0);
        Limbs.of(block.chainId(), chainId, 0);
        Limbs.of(block.difficultyOrRandao(), difficultyOrRandao, 0);
        Limbs.of(block.baseFee().value(), baseFee, 0);
        Limbs.of(block.blobBaseFee().value(), blobBaseFee, 0);
    }

    public BlockContext block() {
        return block;
    }

    public Address origin() {
        return origin;
    }

    public List<Hash> blobHashes() {
        return blobHashes;
    }

    /** Four limbs, like all arrays here; read only. */
    public long[] gasPrice() {
        return gasPrice;
    }

    public long[] chainId() {
        return chainId;
    }

    public long[] difficultyOrRandao() {
        return difficultyOrRandao;
    }

    public long[] baseFee() {
        return baseFee;
    }

    public long[] blobBaseFee() {
        return blobBaseFee;
    }
}
