using System.Globalization;

namespace JanServer.Inference.Demo;

/// <summary>
/// Evaluates an arithmetic expression: + - * / ^ and % (remainder between two operands, otherwise percent), factorial,
/// parentheses, pi, e and the functions of <see cref="Call"/>. Length and nesting are bounded, so hostile input is only refused.
/// </summary>
internal ref struct Arithmetic
{
    private const int MaxLength = 500;
    private const int MaxDepth = 50;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;
    private bool _failed;

    private Arithmetic(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Returns false when the text is no complete expression. The result may be infinite or not a number.</summary>
    public static bool TryEvaluate(ReadOnlySpan<char> text, out double result)
    {
        result = 0;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var parser = new Arithmetic(text);
        result = parser.Sum();
        parser.SkipSpace();
        return !parser._failed && parser._at == text.Length;
    }

    /// <summary>Fifteen digits hide the binary rounding of 0.1 + 0.2 and still show every whole number up to 10^15.</summary>
    public static string Format(double value) =>
        value == 0 ? "0"
        : Math.Abs(value) is >= 1e15 or < 1e-5 ? value.ToString("G10", CultureInfo.InvariantCulture)
        : Math.Round((decimal)value, 10).ToString("0.##########", CultureInfo.InvariantCulture);

    private double Sum()
    {
        var value = Product();
        while (!_failed)
        {
            if (Take('+'))
            {
                value += Product();
            }
            else if (Take('-'))
            {
                value -= Product();
            }
            else
            {
                break;
            }
        }

        return value;
    }

    private double Product()
    {
        var value = Signed();
        while (!_failed)
        {
            if (Take('*'))
            {
                value *= Signed();
            }
            else if (Take('/'))
            {
                value /= Signed();
            }
            else if (Take('%'))
            {
                value %= Signed();
            }
            else
            {
                break;
            }
        }

        return value;
    }

    private double Signed()
    {
        if (++_depth > MaxDepth)
        {
            return Fail();
        }

        var value = Take('-') ? -Signed() : Take('+') ? Signed() : Power();
        _depth--;
        return value;
    }

    private double Power()
    {
        var value = Postfix();
        return Take('^') ? Math.Pow(value, Signed()) : value;
    }

    private double Postfix()
    {
        var value = Primary();
        while (!_failed)
        {
            if (Take('!'))
            {
                value = Factorial(value);
            }
            else if (IsPercent())
            {
                _at++;
                value /= 100;
            }
            else
            {
                break;
            }
        }

        return value;
    }

    /// <summary>A percent sign that no operand follows is not a remainder.</summary>
    private bool IsPercent()
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != '%')
        {
            return false;
        }

        var after = _text[(_at + 1)..].TrimStart();
        return after.IsEmpty || !(char.IsAsciiLetterOrDigit(after[0]) || after[0] is '(' or '.');
    }

    private double Primary()
    {
        if (Take('('))
        {
            var value = Sum();
            return Take(')') ? value : Fail();
        }

        SkipSpace();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        if (_at > start)
        {
            return double.TryParse(_text[start.._at], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number
                : Fail();
        }

        while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
        {
            _at++;
        }

        return _text[start.._at] switch
        {
            "pi" => Math.PI,
            "e" => Math.E,
            var name => Call(name),
        };
    }

    private double Call(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !Take('('))
        {
            return Fail();
        }

        var value = Sum();
        if (!Take(')'))
        {
            return Fail();
        }

        return name switch
        {
            "sqrt" => Math.Sqrt(value),
            "abs" => Math.Abs(value),
            "round" => Math.Round(value, MidpointRounding.AwayFromZero),
            "floor" => Math.Floor(value),
            "ceil" => Math.Ceiling(value),
            "sin" => Math.Sin(value),
            "cos" => Math.Cos(value),
            "tan" => Math.Tan(value),
            "ln" => Math.Log(value),
            "log" => Math.Log10(value),
            "exp" => Math.Exp(value),
            _ => Fail(),
        };
    }

    private double Factorial(double value)
    {
        if (value is < 0 or > 170 || value != Math.Floor(value))
        {
            return Fail();
        }

        var product = 1d;
        for (var factor = 2; factor <= value; factor++)
        {
            product *= factor;
        }

        return product;
    }

    private bool Take(char symbol)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != symbol)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private double Fail()
    {
        _failed = true;
        return double.NaN;
    }
}
