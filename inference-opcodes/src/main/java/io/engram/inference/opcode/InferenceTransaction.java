package io.engram.inference.opcode;

import io.engram.evm.extension.Credit;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.engine.Inference;
import io.engram.inference.model.ModelPrice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The inferences of one transaction. The set of warm models is journaled; charges are not, because reverted work was
 * work (protocol B3, C4).
 */
public final class InferenceTransaction implements TransactionExtension {

    private final InferenceBlock block;
    private final TransactionScope.Kind kind;
    private final List<Hash> warmed = new ArrayList<>();
    private final Set<Hash> warm = new HashSet<>();
    private final List<InferenceCharge> charges = new ArrayList<>();
    private Optional<Royalties> royalties = Optional.empty();
    private OptionalLong refused = OptionalLong.empty();
    private Optional<Hash> avoided = Optional.empty();
    private long gas;

    InferenceTransaction(InferenceBlock block, TransactionScope.Kind kind) {
        this.block = block;
        this.kind = kind;
    }

    @Override
    public int checkpoint() {
        return warmed.size();
    }

    @Override
    public void revertTo(int mark) {
        while (warmed.size() > mark) {
            warm.remove(warmed.removeLast());
        }
    }

    @Override
    public List<Credit> settle(long gasUsed, Wei baseFee) {
        Wei minimum = block.config().minRoyaltyPrice();
        Royalties settled = Royalties.of(charges, gasUsed, baseFee.compareTo(minimum) < 0 ? minimum : baseFee);
        royalties = Optional.of(settled);
        return settled.credits();
    }

    /** Inference gas charged so far, reverted frames included. */
    public long inferenceGas() {
        return gas;
    }

    /** The results so far in the order of execution, reverted frames included. */
    public List<Inference> inferences() {
        return charges.stream().map(InferenceCharge::inference).toList();
    }

    /**
     * When a call did not fit the block: the inference gas that the transaction needs at least, all of its calls so far
     * and that one.
     */
    public OptionalLong refusedInferenceGas() {
        return refused;
    }

    @Override
    public String exclusionReason() {
        return avoided.map(model -> "it calls model " + model + ", which this block does without")
                .orElse("it needs more inference gas than the block has left");
    }

    InferenceBlock block() {
        return block;
    }

    boolean isSystem() {
        return kind == TransactionScope.Kind.SYSTEM;
    }

    boolean isWarm(Hash modelId) {
        return warm.contains(modelId);
    }

    void warm(Hash modelId) {
        if (warm.add(modelId)) {
            warmed.add(modelId);
        }
    }

    /** Whether calls of the model may be in the block; if not, it is noted. */
    boolean admits(Hash modelId) {
        boolean admitted = block.admits(modelId);
        if (!admitted) {
            avoided = Optional.of(modelId);
        }
        return admitted;
    }

    /** Whether a call of this price still fits the block; if not, the need is noted. */
    boolean fits(long callGas) {
        long need = ModelPrice.plus(gas, callGas);
        if (ModelPrice.plus(block.gasUsed(), need) > block.gasLimit()) {
            refused = OptionalLong.of(need);
            return false;
        }
        return true;
    }

    void charge(InferenceCharge charge) {
        charges.add(charge);
        gas = Math.addExact(gas, charge.gas());
    }

    /** The receipts, numbered from 0; credits are those of {@link #settle}. */
    List<InferenceReceipt> receipts(int transactionIndex) {
        if (kind != TransactionScope.Kind.TRANSACTION || refused.isPresent() || avoided.isPresent()) {
            throw new IllegalStateException("not a transaction that can be in a block");
        }
        List<Wei> credits = royalties
                .orElseThrow(() -> new IllegalStateException("the transaction is not settled"))
                .perCharge();
        List<InferenceReceipt> receipts = new ArrayList<>(charges.size());
        for (int i = 0; i < charges.size(); i++) {
            InferenceCharge charge = charges.get(i);
            Inference inference = charge.inference();
            receipts.add(new InferenceReceipt(
                    transactionIndex,
                    i,
                    charge.modelId(),
                    inference.inputRoot(),
                    inference.outputRoot(),
                    inference.stepsRoot(),
                    charge.gas(),
                    charge.author(),
                    credits.get(i)));
        }
        return receipts;
    }
}
