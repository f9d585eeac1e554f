package io.engram.client.light;

import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.light.ProofVerdict.Reason;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.MerkleProof;
import io.engram.inference.commitment.StepLeaf;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Checks proofs with nothing but block 0 of the chain (protocol H). Stateless. */
public final class LightVerifier {

    private LightVerifier() {}

    /** @param trusted what the proof is held against; without it, the block 0 that the proof itself names */
    public static ProofVerdict verify(Bytes encoded, Optional<LightGenesis> trusted) {
        LightProof proof;
        try {
            proof = LightProofCodec.decode(encoded);
        } catch (RlpException e) {
            return new ProofVerdict.Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        try {
            LightGenesis genesis = genesis(proof, trusted);
            checkHeaders(proof, genesis);
            checkReceipt(proof);
            checkStep(proof);
            for (int i = 0; i < proof.chunks().size(); i++) {
                checkChunk(proof.step(), proof.chunks().get(i), i);
            }
            return new ProofVerdict.Accepted(proof, QbftHasher.INSTANCE.hash(proof.header()));
        } catch (RefusedProofException e) {
            return e.verdict();
        }
    }

    private static LightGenesis genesis(LightProof proof, Optional<LightGenesis> trusted) throws RefusedProofException {
        LightGenesis own = LightGenesis.of(proof.genesis())
                .orElseThrow(() -> new RefusedProofException(Reason.OTHER_CHAIN, "its block 0 lists no validators"));
        if (trusted.isPresent() && !trusted.get().hash().equals(own.hash())) {
            throw new RefusedProofException(
                    Reason.OTHER_CHAIN,
                    "made for the chain with genesis " + own.hash() + ", not "
                            + trusted.get().hash());
        }
        return trusted.orElse(own);
    }

    private static void checkHeaders(LightProof proof, LightGenesis genesis) throws RefusedProofException {
        TrustedValidators validators = TrustedValidators.of(genesis, new RecoveredSignatures());
        for (BlockHeader header : proof.trail()) {
            validators = validators.after(header);
        }
        BlockHeader header = proof.header();
        TrustedValidators _ = validators.after(header);
        if (header.number() < genesis.inferenceFrom()) {
            throw new RefusedProofException(
                    Reason.ORDER,
                    "headers commit to inferences from block " + genesis.inferenceFrom() + " on, not in block "
                            + header.number());
        }
    }

    private static void checkReceipt(LightProof proof) throws RefusedProofException {
        Hash committed = TrustedValidators.extraData(proof.header()).vanity();
        MerkleProof path = proof.receiptPath();
        Optional<Hash> root = path.top(proof.receipt().toBytes()).map(top -> InferenceRoot.of(path.size(), top));
        if (!root.equals(Optional.of(committed))) {
            throw new RefusedProofException(
                    Reason.RECEIPT,
                    "receipt and path lead to " + text(root) + ", not to the block's inference root " + committed);
        }
    }

    private static void checkStep(LightProof proof) throws RefusedProofException {
        InferenceReceipt receipt = proof.receipt();
        StepLeaf step = proof.step();
        MerkleProof path = proof.stepPath();
        Optional<Hash> root = path.top(step.toBytes()).map(top -> Commitments.stepsRoot(path.size(), top));
        if (!root.equals(Optional.of(receipt.stepsRoot()))) {
            throw new RefusedProofException(
                    Reason.STEP,
                    "step and path lead to " + text(root) + ", not to the receipt's steps root " + receipt.stepsRoot());
        }
        if (!step.modelId().equals(receipt.modelId()) || step.index() != path.index()) {
            throw new RefusedProofException(
                    Reason.STEP,
                    "the inference is of model " + receipt.modelId() + ", its leaf " + path.index() + " of step "
                            + step.index() + " of model " + step.modelId());
        }
    }

    private static void checkChunk(StepLeaf step, TensorChunk chunk, int number) throws RefusedProofException {
        List<Hash> roots = chunk.side() == TensorChunk.Side.INPUT ? step.inputRoots() : step.outputRoots();
        if (chunk.position() >= roots.size()) {
            throw new RefusedProofException(
                    Reason.CHUNK, "chunk " + number + " is of tensor " + chunk.position() + " of " + roots.size());
        }
        Optional<Hash> root = chunk.tensorRoot();
        if (!root.equals(Optional.of(roots.get(chunk.position())))) {
            throw new RefusedProofException(
                    Reason.CHUNK,
                    "chunk " + number + " and its path lead to " + text(root) + ", not to the step's tensor root "
                            + roots.get(chunk.position()));
        }
    }

    private static String text(Optional<Hash> root) {
        return root.map(Hash::toHex).orElse("no root, the path having the wrong length");
    }
}
