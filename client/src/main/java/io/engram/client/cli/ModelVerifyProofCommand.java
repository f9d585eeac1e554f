package io.engram.client.cli;

import io.engram.client.light.LightGenesis;
import io.engram.client.light.LightProof;
import io.engram.client.light.LightVerifier;
import io.engram.client.light.ProofFile;
import io.engram.client.light.ProofVerdict;
import io.engram.client.light.TensorChunk;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.inference.commitment.InferenceReceipt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether a chain's validators vouch for a step of an inference, found out without a node. */
@Command(
        name = "verify-proof",
        description =
                "Check what inference_getProof gave, against the genesis file alone: the validators' seals, and the"
                        + " paths from the block to the inference, its step and pieces of tensors. Asks no node.")
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelVerifyProofCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "FILE",
            description = "The answer of inference_getProof as JSON, or its field proof as text or bytes.")
    private Path file = Path.of("");

    @Option(
            names = "--genesis-file",
            paramLabel = "FILE",
            description =
                    "The chain's genesis file. Without it the proof is held against the genesis that it names itself,"
                            + " whose hash is then yours to compare.")
    private Optional<Path> genesisFile = Optional.empty();

    @Override
    public Integer call() throws IOException, CommandFailedException {
        Optional<LightGenesis> trusted =
                genesisFile.isPresent() ? Optional.of(genesis(genesisFile.get())) : Optional.empty();
        ProofVerdict verdict = LightVerifier.verify(ProofFile.read(file), trusted);
        PrintWriter out = spec.commandLine().getOut();
        return switch (verdict) {
            case ProofVerdict.Accepted accepted -> {
                print(out, accepted);
                yield 0;
            }
            case ProofVerdict.Refused refused -> {
                out.println("REFUSED     " + refused.reason() + ": " + refused.detail());
                yield 1;
            }
        };
    }

    private static LightGenesis genesis(Path file) throws IOException, CommandFailedException {
        try {
            return LightGenesis.of(GenesisFile.read(file))
                    .orElseThrow(() -> new CommandFailedException(
                            file + ": only chains with inference whose headers list the validators have such proofs"));
        } catch (InvalidGenesisException e) {
            throw new CommandFailedException(file + ": " + e.getMessage(), e);
        }
    }

    private void print(PrintWriter out, ProofVerdict.Accepted accepted) {
        LightProof proof = accepted.proof();
        InferenceReceipt receipt = proof.receipt();
        out.println("ACCEPTED");
        out.println("genesis     " + QbftHasher.INSTANCE.hash(proof.genesis())
                + (genesisFile.isPresent() ? "" : "  named by the proof: compare it with the one you trust"));
        out.println("block       " + proof.header().number() + "  " + accepted.block());
        out.println("inference   " + receipt.sequence() + " of transaction " + receipt.transactionIndex());
        out.println("modelId     " + receipt.modelId());
        out.println("inputRoot   " + receipt.inputRoot());
        out.println("outputRoot  " + receipt.outputRoot());
        out.println("step        " + proof.step().index() + " of "
                + proof.stepPath().size() + ", operator " + proof.step().operatorCode());
        for (TensorChunk chunk : proof.chunks()) {
            out.println("chunk       " + chunk.chunk() + " of "
                    + chunk.side().name().toLowerCase(Locale.ROOT) + " "
                    + chunk.position() + "  " + chunk.type().name().toLowerCase(Locale.ROOT) + " "
                    + chunk.shape() + "  " + chunk.data().toHexString());
        }
    }
}
