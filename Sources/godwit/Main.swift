import Board
import Primitives

@main
struct Main {
  static func main() {
    let words = Array(CurrentProcess.arguments.dropFirst())
    do throws(ArgumentError) {
      CurrentProcess.exit(status: perform(try Command(words)).rawValue)
    } catch {
      complain(error.text)
      CurrentProcess.exit(status: ExitStatus.usage.rawValue)
    }
  }

  private static func perform(_ command: Command) -> ExitStatus {
    switch command {
    case .run(let file): RunCommand.run(file)
    case .put(let measurements, let address): ClientCommands.put(measurements, to: address)
    case .putInput(let address): ClientCommands.putInput(to: address)
    case .status(let form, let address): ClientCommands.status(form, of: address)
    case .doctor(let isJSON, let address): DoctorCommand.run(isJSON: isJSON, of: address)
    case .at(let options): AtCommand.run(options)
    case .check(let file, let isPrinting): ClientCommands.check(file, isPrinting: isPrinting)
    case .explain(let file, let isJSON): ExplainCommand.run(file, isJSON: isJSON)
    case .psm(let question, let isJSON): output(PSMText.answer(to: question, isJSON: isJSON))
    case .edrx(let question, let isJSON): output(EDRXText.answer(to: question, isJSON: isJSON))
    case .sms(let request): SMSCommand.run(request)
    case .provision(let request): ProvisionCommand.run(request)
    case .modules(let isJSON): output(isJSON ? ModulesText.json : ModulesText.text)
    case .version: output(Array("godwit \(HelpText.version.text)\n".utf8))
    case .help(let topic): output(HelpText.text(of: topic))
    }
  }
}
