using JanServer.LlmApi.Prompts.Modules;

namespace JanServer.LlmApi.Tests.Prompts;

public class QuestionSignsTests
{
    [Theory]
    [InlineData("Fix this Python loop", true)]
    [InlineData("Write a unit test, please", true)]
    [InlineData("```\nx\n```", true)]
    [InlineData("What is in my encoder ring?", false)]
    [InlineData("hi", false)]
    [InlineData("", false)]
    public void Code_is_known_by_its_words(string question, bool isAboutCode) => Assert.Equal(isAboutCode, QuestionSigns.IsAboutCode(question));

    [Theory]
    [InlineData("Why is the sky blue?", true)]
    [InlineData("and HOW?", true)]
    [InlineData("show me a picture", false)]
    [InlineData("hi", false)]
    [InlineData("a b c d e f g h i j k l m n o p q r s t?", true)]
    [InlineData("a b c d e f g h i j k l m n o p q r s t", false)]
    [InlineData("a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4", true)]
    public void Reasoning_is_wanted_by_words_and_by_length(string question, bool wants) => Assert.Equal(wants, QuestionSigns.WantsReasoning(question));
}
